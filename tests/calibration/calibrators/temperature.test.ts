import assert from "node:assert/strict";
import { negativeLogLikelihood } from "../../../src/calibration/metrics/proper_scores.ts";
import { score } from "../../../src/calibration/metrics/scores.ts";
import {
  applyTemperature,
  fitTemperature,
  temperatureBounds,
} from "../../../src/calibration/calibrators/temperature.ts";
import { assertClose } from "../../close.ts";
import { calibratedPredictions, predictionsOf } from "../synthetic.ts";

for (const temperature of [0.25, 1, 3.7]) {
  Deno.test(`calibrated logits multiplied by ${temperature}: that temperature is found again`, () => {
    const sharpened = applyTemperature(calibratedPredictions(20_000, 3), 1 / temperature);
    const { value, atBound } = fitTemperature(sharpened);
    assert.equal(atBound, false);
    assertClose([value / temperature], [1], 0.03);
  });
}

Deno.test("the fitted temperature scales with the logits, exactly", () => {
  const predictions = calibratedPredictions(500, 4);
  const { value } = fitTemperature(predictions);
  assertClose([fitTemperature(applyTemperature(predictions, 0.5)).value], [2 * value], 1e-9);
});

Deno.test("no neighbouring temperature has a lower NLL", () => {
  const predictions = calibratedPredictions(300, 2, 7);
  const nll = (temperature: number) => {
    const { logits, labels, classes } = applyTemperature(predictions, temperature);
    return negativeLogLikelihood(logits, labels, classes);
  };
  const { value } = fitTemperature(predictions);
  for (const factor of [0.99, 0.999, 1.001, 1.01]) {
    assert.ok(nll(value) < nll(value * factor), String(factor));
  }
});

Deno.test("a temperature never changes the accuracy", () => {
  const predictions = calibratedPredictions(1000, 5);
  for (const temperature of [0.05, 0.7, 20]) {
    assert.equal(
      score(applyTemperature(predictions, temperature), 1).accuracy,
      score(predictions, 1).accuracy,
    );
  }
});

Deno.test("separable data have no best temperature: the coldest, and it says so", () => {
  const separable = predictionsOf([[2, 1], [0, 3], [1, -1]], [0, 1, 0]);
  assert.deepEqual(fitTemperature(separable), { value: temperatureBounds.lowest, atBound: true });
});

Deno.test("data that are always wrong: the hottest temperature, and it says so", () => {
  const wrong = predictionsOf([[2, 1], [0, 3], [1, -1]], [1, 0, 1]);
  assert.deepEqual(fitTemperature(wrong), { value: temperatureBounds.highest, atBound: true });
});

Deno.test("equal logits, where no temperature makes a difference: 1", () => {
  const flat = predictionsOf([[0.3, 0.3, 0.3], [-7, -7, -7]], [0, 2]);
  assert.deepEqual(fitTemperature(flat), { value: 1, atBound: false });
});

Deno.test("huge logits neither overflow nor hide a mistake", () => {
  const { value, atBound } = fitTemperature(predictionsOf([[1e6, 0], [0, 1e6], [1e6, 0]], [0, 1, 1]));
  assert.deepEqual({ value, atBound }, { value: temperatureBounds.highest, atBound: true });
});
