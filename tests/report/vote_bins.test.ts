import assert from "node:assert/strict";
import { voteBins } from "../../src/report/vote_bins.ts";
import { rounded, sampleTraining } from "./sample.ts";

Deno.test("people who chose the predicted class, by confidence: means and the middle half", () => {
  const { training: { dev2 } } = sampleTraining("scalar", [1, 0, 1, 0, 1], [0.96, 0.04, 0.98, 0.92, 0.45]);
  // The shares of the second class; of the second and the last text the first class is predicted.
  const shares = [1, 0.2, 0.6, 0.4, 0.3];
  const votes = Float64Array.from(shares.flatMap((share) => [1 - share, share]));
  assert.deepEqual(rounded(voteBins({ ...dev2, votes })), [
    { lower: 0.5, upper: 0.6, count: 1, confidence: 0.55, agreement: 0.7, quartiles: [0.7, 0.7] },
    // 0.4, 0.6, 0.8, 1
    { lower: 0.9, upper: 1, count: 4, confidence: 0.955, agreement: 0.7, quartiles: [0.55, 0.85] },
  ]);
  assert.equal(voteBins(dev2), undefined);
});
