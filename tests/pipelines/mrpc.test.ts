/** The same pipeline on pairs of sentences in GLUE's format. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shared } from "../shared.ts";
import { copyProject, isSetUp, pipeline } from "./copy.ts";

const mrpc = shared("data/glue/MRPC");

Deno.test({
  name: "MRPC goes through the whole pipeline: pairs in the encoder, in the noise and in the predictions",
  ignore: !mrpc || !isSetUp,
  fn: async () => {
    using copy = copyProject();
    mkdirSync(join(copy.root, "data"));
    cpSync(mrpc!, join(copy.root, "data/MRPC"), { recursive: true });
    const { code, output } = await pipeline(copy, "--file", "pipelines/mrpc.yaml");
    assert.equal(code, 0, output);

    const rows = (path: string) =>
      readFileSync(join(copy.root, "artifacts", path), "utf8").trim().split("\n").map((line) =>
        JSON.parse(line)
      );
    const noise = rows("sample-noise/train.jsonl");
    assert.ok(noise.length > 0 && noise.every(({ text, pair }) => text.trim() !== "" && pair.trim() !== ""));
    const dev2 = rows("prepare-data/dev2.jsonl");
    for (const variant of ["baseline", "scalar", "hidden", "sharp-hidden"]) {
      const predictions = rows(`evaluate/${variant}/predictions.dev2.jsonl`);
      assert.deepEqual(predictions.map(({ id }) => id), dev2.map(({ id }) => id));
      assert.ok(predictions.every(({ logits }) => logits.length === 2 && logits.every(Number.isFinite)));
    }
  },
});
