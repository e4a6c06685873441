import assert from "node:assert/strict";
import { compareRuns } from "../../../src/calibration/resampling/comparison.ts";
import { forecastsFromLogits } from "../../../src/calibration/predictions/forecasts.ts";
import { weightedMean } from "../../../src/statistics.ts";
import type { Measurement } from "../../../src/calibration/resampling/measurement.ts";
import { figureNames, measureFigures } from "../../../src/calibration/metrics/figures.ts";
import { applyTemperature } from "../../../src/calibration/calibrators/temperature.ts";
import { InputError } from "../../../src/errors.ts";
import { randomStream } from "../../../src/random.ts";
import { assertClose } from "../../close.ts";
import { calibratedPredictions } from "../synthetic.ts";

const meanOf = (values: Float64Array): Measurement<{ readonly mean: number }> => (weights) => ({
  mean: weightedMean(values, weights),
});

const normals = (stream: string, length = 1000) => {
  const random = randomStream(1, stream);
  return Float64Array.from({ length }, () => random.normal());
};

Deno.test("a classifier doesn't differ from itself", () => {
  const run = measureFigures(forecastsFromLogits(calibratedPredictions(200, 3)), figureNames);
  const differences = compareRuns([run], [run], 200, { seed: 1, resamples: 100 });
  for (const difference of Object.values(differences)) {
    assert.deepEqual(difference, { value: 0, low: 0, high: 0, verdict: "no evidence of a difference" });
  }
});

Deno.test("what one to three examples in a thousand make is no evidence, whatever the seed", () => {
  const examples = 1000;
  for (const more of [1, 2, 3]) {
    const right = Float64Array.from({ length: examples }, (_, at) => at % 5 === 0 ? 0 : 1);
    const better = right.map((one, at) => at < 5 * more ? 1 : one);
    for (let seed = 1; seed <= 10; seed++) {
      const { mean } = compareRuns([meanOf(right)], [meanOf(better)], examples, { seed });
      assert.equal(mean.verdict, "no evidence of a difference", `${more} examples, seed ${seed}`);
    }
  }
  const right = new Float64Array(examples);
  const { mean } = compareRuns([meanOf(right)], [meanOf(right.map((_, at) => at < 20 ? 1 : 0))], examples, {
    seed: 1,
  });
  assert.equal(mean.verdict, "higher");
});

Deno.test("overconfidence is seen in the calibration errors and not in the accuracy", () => {
  const predictions = calibratedPredictions(2000, 3);
  const [calibrated, overconfident] = [1, 0.5].map((
    temperature,
  ) => [measureFigures(forecastsFromLogits(applyTemperature(predictions, temperature)), figureNames)]);
  const options = { seed: 1, resamples: 200 };
  const differences = compareRuns(calibrated, overconfident, 2000, options);
  for (const name of ["ece", "ece_debiased", "ece_classwise", "smooth_ece", "nll", "brier"] as const) {
    assert.equal(differences[name].verdict, "higher", name);
    assert.equal(compareRuns(overconfident, calibrated, 2000, options)[name].verdict, "lower", name);
  }
  assert.equal(differences.accuracy.verdict, "no evidence of a difference");
  assert.equal(differences.accuracy.value, 0);
});

Deno.test("examples are drawn in pairs: what both find hard makes no interval wide", () => {
  const hardness = normals("hardness");
  const own = normals("own").map((one) => 0.1 * one);
  const reference = [meanOf(hardness)];
  const variant = [meanOf(hardness.map((one, i) => one + own[i]))];
  const { mean } = compareRuns(reference, variant, 1000, { seed: 1 });
  assertClose([(mean.high - mean.low) / 2 / 1.96], [0.1 / Math.sqrt(1000)], 0.0004);
});

Deno.test("seeds are drawn in pairs too, and their variance is in the interval", () => {
  const zeros = meanOf(new Float64Array(50));
  const effects = normals("effects", 20);
  const common = normals("common", 20).map((one) => 10 * one);
  const shifted = (by: number) => (weights?: Int32Array) => ({ mean: zeros(weights).mean + by });
  const reference = [...common].map(shifted);
  const variant = [...effects].map((effect, seed) => shifted(common[seed] + effect));
  const { mean } = compareRuns(reference, variant, 50, { seed: 1 });
  const average = effects.reduce((total, one) => total + one, 0) / 20;
  const deviation = Math.sqrt(effects.reduce((total, one) => total + (one - average) ** 2, 0)) / 20;
  assertClose([mean.value], [average], 1e-12);
  assertClose([(mean.high - mean.low) / 2 / 1.96 / deviation], [1], 0.07);
});

Deno.test("no true difference: in nineteen of twenty comparisons there is no evidence of one", () => {
  const found = Array.from({ length: 200 }, (_, seed) => {
    const random = randomStream(seed, "values");
    const [reference, variant] = [0, 1].map(() => [meanOf(Float64Array.from({ length: 100 }, () =>
      random.normal()))]
    );
    return compareRuns(reference, variant, 100, { seed, resamples: 400 }).mean.verdict;
  }).filter((verdict) => verdict === "no evidence of a difference").length;
  assert.ok(found >= 180 && found <= 198, `${found} of 200`); // 190 ± 3 deviations
});

Deno.test("an undefined difference is no evidence of one", () => {
  const undefinedFigure = () => ({ auroc: NaN });
  const { auroc } = compareRuns([undefinedFigure], [undefinedFigure], 10, { seed: 1, resamples: 10 });
  assert.equal(auroc.verdict, "no evidence of a difference");
});

Deno.test("an infinite loss is evidence only where hardly any resample is without one", () => {
  const finite = Float64Array.from({ length: 20 }, (_, i) => 0.4 + 0.01 * i);
  const impossible = (...rows: readonly number[]) => [
    meanOf(finite.map((loss, i) => rows.includes(i) ? Infinity : loss / 2)),
  ];
  const compared = (...args: Parameters<typeof compareRuns<"mean">>) => compareRuns(...args).mean;
  const one = compared([meanOf(finite)], impossible(3), 20, { seed: 1 });
  assert.ok(one.value === Infinity && one.high === Infinity && one.low < -0.2, `from ${one.low}`);
  assert.equal(one.verdict, "no evidence of a difference"); // 0.95²⁰ = 36 % of the resamples leave it out
  const many = compared([meanOf(finite)], impossible(1, 2, 3, 4, 5, 6, 7, 8), 20, { seed: 1 });
  assert.deepEqual(many, { value: Infinity, low: Infinity, high: Infinity, verdict: "higher" });
  assert.equal(
    compared(impossible(1, 2, 3, 4, 5, 6, 7, 8), [meanOf(finite)], 20, { seed: 1 }).verdict,
    "lower",
  );
  const both = compared(impossible(3), impossible(1, 2, 3, 4, 5, 6, 7, 8), 20, { seed: 1 });
  assert.deepEqual(both, { value: NaN, low: NaN, high: NaN, verdict: "no evidence of a difference" });
});

Deno.test("a difference that many resamples leave undefined is no evidence", () => {
  // The AUROC of a single error: every resample that draws it finds nearly the same.
  const ofOneError = (auroc: number) => (weights?: Int32Array) => ({
    auroc: weights?.[0] === 0 ? NaN : auroc,
  });
  const { auroc } = compareRuns([ofOneError(0.5)], [ofOneError(0.9)], 100, { seed: 1 });
  assertClose([auroc.low, auroc.high], [0.4, 0.4], 1e-12);
  assert.equal(auroc.verdict, "no evidence of a difference");
});

Deno.test("unequal numbers of seeds can't be paired", () => {
  const run = meanOf(new Float64Array(3));
  const expected = new InputError({
    found: "2 runs of the reference and 1 of the variant",
    expected: "one or more of each, with the same seeds",
  });
  assert.throws(() => compareRuns([run, run], [run], 3, { seed: 1 }), expected);
});
