import assert from "node:assert/strict";
import { mean, standardDeviation, weightedMean } from "../src/statistics.ts";
import { assertClose } from "./close.ts";
import { v, w } from "./calibration/reference_data.ts";

Deno.test("mean and standard deviation that can be worked out by hand", () => {
  assert.deepEqual([mean([1, 2, 6]), standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])], [3, 2]);
  assert.ok(Number.isNaN(mean([])));
});

Deno.test("a weight is as good as so many equal values, and no weights are weights of 1", () => {
  const repeated = [...v].flatMap((value, i) => new Array<number>(w[i]).fill(value));
  assertClose([weightedMean(v, w)], [mean(repeated)], 1e-14);
  assertClose([weightedMean(v)], [mean(v)], 1e-14);
});

Deno.test("an infinite value that doesn't count leaves the mean finite", () => {
  const values = Float64Array.of(1, Infinity, 3);
  assert.deepEqual([weightedMean(values, Int32Array.of(1, 0, 1)), weightedMean(values)], [2, Infinity]);
});
