/** Compares what plots of energies show with NumPy 2.4.6: histogram, polyfit and quantile. */
import assert from "node:assert/strict";
import { energyShape, sortedConfidences } from "../../src/analysis/energy_shape.ts";
import { v } from "../calibration/reference_data.ts";
import { assertClose } from "../close.ts";
import { labelled, noise } from "./energies.ts";

const training = { labelled, noise };

Deno.test("the histograms of data and noise have the same 40 bins", () => {
  const { histogram: { edges, data, noise: ofNoise } } = energyShape([training]);
  assertClose([edges.length, edges[0], edges[1], edges[40]], [41, 0, 0.049, 1.96], 1e-12);
  const filled = [20, 20, 20, 20, 18, 20, 20, 20, 20, 18, 20, 20, 20, 20, 18, 20, 20, 20, 20, 19, 7];
  assert.deepEqual(data, [...filled, ...new Array<number>(19).fill(0)]);
  assert.deepEqual(ofNoise, [
    ...[6, 2, 3, 4, 6, 3, 2, 4, 6, 3, 3, 3, 3, 5, 4, 2, 3, 6, 4, 3],
    ...[3, 2, 6, 3, 4, 3, 6, 2, 4, 3, 3, 6, 3, 3, 4, 5, 3, 3, 3, 6],
  ]);
});

Deno.test("energy against entropy: the line of least squares, and the means of bins that hold texts", () => {
  const { againstEntropy: { slope, intercept, bins } } = energyShape([training]);
  assertClose([slope, intercept], [0.02372959935098864, 0.4771830498914265], 1e-12);
  assert.deepEqual(bins.map(({ count }) => count), [119, 91, 70, 120]);
  assertClose(bins.map(({ entropy }) => entropy), [
    ...[0.6987902740849459, 0.8269573300714754, 0.9254965297256152, 1.0603180869403768],
  ], 1e-12);
  assertClose(bins.map(({ energy }) => energy), [
    ...[0.49523001135623834, 0.49274166827780147, 0.4759844950737096, 0.5174837930410374],
  ], 1e-12);
});

Deno.test("of several trainings, counts are of all, and the trend is the mean", () => {
  const doubled = { labelled: { ...labelled, energies: v.map((one) => 2 * one) }, noise };
  const [one, both] = [energyShape([training]), energyShape([training, doubled])];
  const total = (counts: readonly number[]) => counts.reduce((a, b) => a + b);
  assert.deepEqual([total(both.histogram.data), total(both.histogram.noise)], [800, 300]);
  assertClose([both.againstEntropy.slope], [1.5 * one.againstEntropy.slope], 1e-12);
  assert.deepEqual(both.againstEntropy.bins.map(({ count }) => count), [238, 182, 140, 240]);
  assertClose([both.againstEntropy.bins[0].energy], [1.5 * one.againstEntropy.bins[0].energy], 1e-12);
});

Deno.test("where all energies are the same, the first bin holds them", () => {
  const same = { labelled: { ...labelled, energies: v.map(() => 3) }, noise: Float64Array.of(3) };
  const { histogram, againstEntropy } = energyShape([same]);
  assert.deepEqual([histogram.data[0], histogram.noise[0], againstEntropy.slope], [400, 1, 0]);
});

Deno.test("confidences are sorted, and means over trainings", () => {
  const confidences = sortedConfidences([labelled]);
  assert.equal(confidences.length, 101);
  const expected = [
    ...[0.33491623326042946, 0.3416324914240278, 0.6169855554648549, 0.7867676393717462, 0.7869828084496333],
  ];
  assertClose([0, 1, 50, 99, 100].map((percent) => confidences[percent]), expected, 1e-12);
  const sure = { ...labelled, logits: labelled.logits.map((_, at) => at % 3 === 0 ? 100 : 0) };
  assertClose([sortedConfidences([labelled, sure])[50]], [(expected[2] + 1) / 2], 1e-12);
});
