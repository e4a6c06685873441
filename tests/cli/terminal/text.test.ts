import assert from "node:assert/strict";
import { count, duration, roughDuration } from "../../../src/cli/terminal/text.ts";

Deno.test("a duration has the digits that matter", () => {
  assert.deepEqual([0.2149, 9.996, 59.94, 59.96, 192, 3725].map(duration), [
    "0.21 s",
    "10.0 s",
    "59.9 s",
    "1 min 0 s",
    "3 min 12 s",
    "1 h 02 min",
  ]);
});

Deno.test("a duration that is only foretold has fewer", () => {
  assert.deepEqual([0.2, 4, 99.5, 100, 3599, 3725, 259_200, 1_000_000].map(roughDuration), [
    "1 s",
    "4 s",
    "100 s",
    "2 min",
    "1 h 00 min",
    "1 h 02 min",
    "72 h 00 min",
    "12 days",
  ]);
});

Deno.test("a count has its noun in the right number", () => {
  assert.deepEqual([0, 1, 2].map((number) => count(number, "stage")), ["0 stages", "1 stage", "2 stages"]);
});
