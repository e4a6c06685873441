import assert from "node:assert/strict";
import fc from "fast-check";
import type { Binning } from "../../../src/calibration/metrics/bins.ts";
import { brierParts } from "../../../src/calibration/metrics/brier_parts.ts";
import { brierScores } from "../../../src/calibration/metrics/proper_scores.ts";
import { forecastsFromLogits } from "../../../src/calibration/predictions/forecasts.ts";
import { mean } from "../../../src/statistics.ts";
import { softmax } from "../../../src/calibration/predictions/softmax.ts";
import { assertClose } from "../../close.ts";
import { calibratedPredictions } from "../synthetic.ts";

Deno.test("parts that can be worked out by hand", () => {
  // Class 1 happens in one of two at 0.25 and in both at 0.75: shares 1/2 and 1, 3/4 in all.
  const probabilities = Float64Array.of(0.75, 0.25, 0.75, 0.25, 0.25, 0.75, 0.25, 0.75);
  const parts = brierParts(probabilities, Int32Array.of(0, 1, 1, 1), 2)();
  const { reliability, resolution, uncertainty, remainder } = parts;
  // Twice each, since both classes have the same.
  assertClose([reliability], [2 * (1 / 2 * 1 / 16 + 1 / 2 * 1 / 16)], 1e-15);
  assertClose([resolution], [2 * (1 / 2 * 1 / 16 + 1 / 2 * 1 / 16)], 1e-15);
  assertClose([uncertainty], [2 * 3 / 16], 1e-15);
  assertClose([remainder], [0], 1e-15);
});

const binnings: readonly Binning[] = [{}, { bins: 3, edge: "left" }, { bins: 7, binning: "mass" }];

Deno.test("the parts sum to the score, whatever the bins", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 2, max: 5 }),
      fc.nat({ max: 1000 }),
      fc.constantFrom(...binnings),
      (examples, classes, seed, binning) => {
        const { logits, labels } = calibratedPredictions(examples, classes, seed);
        const probabilities = softmax(logits, classes);
        const parts = brierParts(probabilities, labels, classes, binning)();
        const { reliability, resolution, uncertainty, remainder } = parts;
        const score = mean(brierScores(forecastsFromLogits({ logits, labels, classes })));
        assertClose([reliability - resolution + uncertainty + remainder], [score], 1e-12);
        assert.ok(Math.min(reliability, resolution, uncertainty) >= 0);
      },
    ),
    { seed: 6 },
  );
});

Deno.test("bins of one distinct value each leave no remainder", () => {
  const { logits, labels } = calibratedPredictions(300, 2);
  const probabilities = softmax(logits, 2);
  const { remainder } = brierParts(probabilities, labels, 2, { bins: 300, binning: "mass" })();
  assertClose([remainder], [0], 1e-12);
});

Deno.test("reliability is the squared distance from the true probabilities: 0 of calibrated predictions", () => {
  const { logits, labels } = calibratedPredictions(20_000, 2);
  const truth = softmax(logits, 2);
  for (const factor of [1, 2]) {
    const probabilities = softmax(logits.map((logit) => factor * logit), 2);
    const squares = probabilities.map((p, at) => (p - truth[at]) ** 2);
    const expected = squares.reduce((total, one) => total + one, 0) / labels.length;
    assertClose([brierParts(probabilities, labels, 2)().reliability], [expected], 0.002);
  }
});
