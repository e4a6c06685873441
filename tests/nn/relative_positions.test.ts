import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { relativeBucket } from "../../src/nn/relative_positions.ts";
import { fixture } from "../fixtures.ts";

Deno.test("each distance is in the bucket that MPNet's code in transformers puts it in", () => {
  const { relative_buckets_from_minus_200: expected } = JSON.parse(
    readFileSync(fixture("mpnet-tiny-random/expected.json"), "utf8"),
  );
  const found = Array.from({ length: 401 }, (_, index) => relativeBucket(index - 200, 32));
  assert.deepEqual(found, expected);
});
