import assert from "node:assert/strict";
import { calibrationError } from "../../../src/calibration/metrics/calibration_error.ts";
import { calibrationFloor } from "../../../src/calibration/metrics/floor.ts";
import type { Predictions } from "../../../src/calibration/predictions/classified.ts";
import { score } from "../../../src/calibration/metrics/scores.ts";
import { logSoftmax, softmax } from "../../../src/calibration/predictions/softmax.ts";
import { applyTemperature } from "../../../src/calibration/calibrators/temperature.ts";
import { randomStream } from "../../../src/random.ts";
import { assertClose } from "../../close.ts";
import { calibratedPredictions, predictionsOf } from "../synthetic.ts";

Deno.test("figures that can be worked out by hand", () => {
  // Confidences 2/3, 2/3, 1/2 (a tie: the first class is chosen); right, wrong, right.
  const logTwo = Math.log(2);
  const scores = score(predictionsOf([[logTwo, 0], [0, logTwo], [5, 5]], [0, 0, 0]), 1);
  assertClose([scores.accuracy], [2 / 3], 1e-15);
  assertClose([scores.nll], [(Math.log(3 / 2) + Math.log(3) + Math.log(2)) / 3], 1e-15);
  assertClose([scores.brier], [(2 / 9 + 8 / 9 + 1 / 2) / 3], 1e-15);
  assertClose([scores.ece], [(2 / 6 + 0.5) / 3], 1e-15);
  assert.deepEqual(scores.reliability.map(({ lower, upper, count }) => [lower, upper, count]), [
    [0.45, 0.5, 1],
    [0.65, 0.7, 2],
  ]);
});

for (const classes of [2, 7]) {
  Deno.test(`the order of the examples doesn't matter, with ${classes} classes`, () => {
    const predictions = calibratedPredictions(700, classes);
    const original = score(predictions, 1);
    const permuted = score(permute(predictions), 1);
    for (const figure of ["accuracy", "nll", "brier", "ece", "ece_debiased", "ece_classwise"] as const) {
      assertClose([permuted[figure]], [original[figure]], 1e-12);
    }
    assert.deepEqual(
      permuted.reliability.map(({ count }) => count),
      original.reliability.map(({ count }) => count),
    );
    // The floor's labels are drawn in the examples' order, so here it is the same in distribution only.
    assertClose(
      [permuted.ece_floor.mean],
      [original.ece_floor.mean],
      original.ece_floor.standardDeviation / 2,
    );
  });
}

for (const seed of [1, 2, 3]) {
  Deno.test(`calibrated predictions have an ECE at their floor, overconfident ones far above (seed ${seed})`, () => {
    const predictions = calibratedPredictions(3000, 3, seed);
    const calibrated = score(predictions, 1);
    const overconfident = score(applyTemperature(predictions, 0.5), 1);
    const deviations = ({ ece, ece_floor }: typeof calibrated) =>
      (ece - ece_floor.mean) / ece_floor.standardDeviation;
    assert.ok(Math.abs(deviations(calibrated)) < 3, String(deviations(calibrated)));
    assert.ok(deviations(overconfident) > 10, String(deviations(overconfident)));
    assert.ok(calibrated.ece_debiased < 0.02);
    assert.ok(overconfident.ece_debiased > 0.1);
  });
}

Deno.test("the floor of one bin is a half-normal distribution", () => {
  // The gap |share of n drawn with 3/4 − 3/4| has mean σ√(2/π) and deviation σ√(1 − 2/π).
  const examples = 1000;
  const sigma = Math.sqrt(0.75 * 0.25 / examples);
  const floor = calibrationFloor(new Float64Array(examples).fill(0.75), 1, { draws: 4000 });
  assertClose([floor.mean / sigma], [Math.sqrt(2 / Math.PI)], 0.04);
  assertClose([floor.standardDeviation / sigma], [Math.sqrt(1 - 2 / Math.PI)], 0.04);
});

Deno.test("the same seed gives the same floor, another one another", () => {
  const confidences = new Float64Array(100).fill(0.7);
  assert.deepEqual(calibrationFloor(confidences, 1), calibrationFloor(confidences, 1));
  assert.notDeepEqual(calibrationFloor(confidences, 1), calibrationFloor(confidences, 2));
});

Deno.test("probabilities of 0 and 1 lie in the outermost bins, whichever side is closed", () => {
  const probabilities = Float64Array.of(0, 0.02, 0.98, 1);
  const outcomes = Uint8Array.of(0, 0, 1, 1);
  for (const edge of ["left", "right"] as const) {
    assertClose([calibrationError(probabilities, outcomes, { edge })], [0.01], 1e-15);
  }
});

Deno.test("a softmax of huge logits neither overflows nor loses what it can show", () => {
  const logits = Float64Array.of(1000, 999, -1e6, 0, 0, 0);
  const [first, second] = [1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(1))];
  assertClose(softmax(logits, 3), [first, second, 0, 1 / 3, 1 / 3, 1 / 3], 1e-15);
  assertClose([logSoftmax(logits, 3)[2]], [-1_001_000 + Math.log(first)], 1e-9);
});

function permute({ ids, labels, logits, classes }: Predictions): Predictions {
  const order = randomStream(5, "permutation").shuffle([...labels.keys()]);
  return {
    ids: order.map((i) => ids[i]),
    labels: Int32Array.from(order, (i) => labels[i]),
    logits: Float64Array.from(order.flatMap((i) => [...logits.subarray(i * classes, (i + 1) * classes)])),
    classes,
  };
}
