import assert from "node:assert/strict";
import { bootstrap, drawExamples } from "../../../src/calibration/resampling/bootstrap.ts";
import { forecastsFromLogits } from "../../../src/calibration/predictions/forecasts.ts";
import { centred } from "../../../src/calibration/resampling/interval.ts";
import { weightedMean } from "../../../src/statistics.ts";
import type { Measurement } from "../../../src/calibration/resampling/measurement.ts";
import { figureNames, figureRanges, measureFigures } from "../../../src/calibration/metrics/figures.ts";
import { detection } from "../../../src/calibration/metrics/out_of_distribution.ts";
import { applyTemperature } from "../../../src/calibration/calibrators/temperature.ts";
import { randomStream } from "../../../src/random.ts";
import { assertClose } from "../../close.ts";
import { calibratedPredictions } from "../synthetic.ts";

const meanOf = (values: Float64Array): Measurement<{ readonly mean: number }> => (weights) => ({
  mean: weightedMean(values, weights),
});

Deno.test("the interval of a mean is the one of the normal distribution", () => {
  const random = randomStream(1, "normal");
  const values = Float64Array.from({ length: 2000 }, () => 3 + 2 * random.normal());
  const { mean } = bootstrap(meanOf(values), [2000], { seed: 1, resamples: 4000 });
  const deviation = Math.sqrt(
    values.reduce((total, one) => total + (one - mean.value) ** 2, 0) / 2000 / 2000,
  );
  // The 2.5 % quantile of 4,000 draws has a deviation of its own of about 0.04 deviations of the mean.
  assertClose(
    [(mean.low - mean.value) / deviation, (mean.high - mean.value) / deviation],
    [-1.96, 1.96],
    0.15,
  );
});

Deno.test("a level of 0.5 holds the middle half", () => {
  const values = Float64Array.from({ length: 500 }, (_, i) => i % 2);
  const { mean } = bootstrap(meanOf(values), [500], { seed: 1, level: 0.5 });
  assertClose([(mean.high - mean.low) / 2 / Math.sqrt(0.25 / 500)], [0.674], 0.06);
});

Deno.test("nineteen in twenty intervals of an accuracy hold the true one", () => {
  const held = Array.from({ length: 200 }, (_, seed) => {
    const random = randomStream(seed, "outcomes");
    const outcomes = Float64Array.from({ length: 300 }, () => random.next() < 0.8 ? 1 : 0);
    const { mean } = bootstrap(meanOf(outcomes), [300], { seed, resamples: 400 });
    return mean.low <= 0.8 && 0.8 <= mean.high;
  }).filter(Boolean).length;
  assert.ok(held >= 180 && held <= 198, `${held} of 200`); // 190 ± 3 deviations
});

Deno.test("every figure is in its interval, and that in its range", () => {
  for (const factor of [0.3, 1, 4]) {
    const predictions = applyTemperature(calibratedPredictions(300, 3), 1 / factor);
    const measure = measureFigures(forecastsFromLogits(predictions), figureNames);
    const intervals = bootstrap(measure, [300], { seed: 1, resamples: 300, ranges: figureRanges });
    for (const name of figureNames) {
      const { value, low, high } = intervals[name];
      assert.equal(value, measure()[name]);
      assert.ok(low <= value && value <= high && low < high, `${name}: ${low}, ${value}, ${high}`);
      assert.ok(low >= figureRanges[name][0] && high <= figureRanges[name][1], name);
    }
  }
});

Deno.test("the same seed gives the same intervals, another one others", () => {
  const measure = measureFigures(forecastsFromLogits(calibratedPredictions(100, 2)), figureNames);
  const intervals = (seed: number) => bootstrap(measure, [100], { seed, resamples: 50 });
  assert.deepEqual(intervals(1), intervals(1));
  assert.notDeepEqual(intervals(1), intervals(2));
});

Deno.test("a resample has as many examples of each set as the set", () => {
  const weights = drawExamples(randomStream(1, "draws"), [30, 70]);
  const sum = (part: Int32Array) => part.reduce((total, one) => total + one, 0);
  assert.deepEqual([sum(weights.subarray(0, 30)), sum(weights.subarray(30))], [30, 70]);
});

Deno.test("each example is drawn once on average, with a Poisson variance", () => {
  const random = randomStream(1, "draws");
  const totals = new Float64Array(20);
  let squares = 0;
  for (let draw = 0; draw < 20_000; draw++) {
    drawExamples(random, [20]).forEach((weight, i) => {
      totals[i] += weight;
      squares += (weight - 1) ** 2;
    });
  }
  assertClose(totals.map((total) => total / 20_000), new Float64Array(20).fill(1), 0.03);
  assertClose([squares / 20_000 / 20], [1 - 1 / 20], 0.02);
});

Deno.test("figures of two sets, such as a detection of others, get intervals too", () => {
  const random = randomStream(1, "scores");
  const [inside, outside] = [1, 0].map((mean) =>
    Float64Array.from({ length: 400 }, () => mean + random.normal())
  );
  const measure = detection(inside, outside);
  const { auroc } = bootstrap((weights) => ({ ...measure(weights) }), [400, 400], {
    seed: 1,
    resamples: 500,
  });
  assert.ok(auroc.low < 0.7602 && 0.7602 < auroc.high); // Φ(1 / √2)
  // Hanley and McNeil's (1982) deviation is 0.0166.
  assertClose([(auroc.high - auroc.low) / 2 / 1.96], [0.0166], 0.002);
});

Deno.test("percentiles are moved by the bias of the resamples, and undefined resamples left out", () => {
  const resampled = Float64Array.of(NaN, ...Array.from({ length: 101 }, (_, i) => 5 + i / 100), NaN);
  const { value, low, high } = centred(0.2, resampled, 0.9);
  assert.equal(value, 0.2);
  assertClose([low, high], [0.2 - 0.45, 0.2 + 0.45], 1e-12);
  assertClose([centred(0.2, resampled, 0.9, [0, 0.5]).low, centred(0.2, resampled, 0.9, [0, 0.5]).high], [
    0,
    0.5,
  ], 0);
});

Deno.test("an infinite resample counts as what it is, and the bounds of an undefined figure are undefined", () => {
  // scikit-learn issue 17399: 0.75⁴, a third of the resamples, leave out the one impossible row of four.
  const losses = Float64Array.of(0, Infinity, 0, 0);
  const { mean } = bootstrap(meanOf(losses), [4], { seed: 1 });
  assert.deepEqual(mean, { value: Infinity, low: 0, high: Infinity });
  const certain = bootstrap(meanOf(new Float64Array(4).fill(Infinity)), [4], { seed: 1, resamples: 50 });
  assert.deepEqual(certain.mean, { value: Infinity, low: Infinity, high: Infinity });
  const falling = centred(-Infinity, Float64Array.of(2, -Infinity, 1, -Infinity), 0.9);
  assert.deepEqual(falling, { value: -Infinity, low: -Infinity, high: 2 });
  assert.deepEqual(centred(NaN, Float64Array.of(Infinity, NaN)), { value: NaN, low: NaN, high: NaN });
  assert.deepEqual(centred(1, Float64Array.of(NaN)), { value: 1, low: NaN, high: NaN });
  assert.deepEqual(centred(Infinity, Float64Array.of(NaN)), { value: Infinity, low: NaN, high: NaN });
});
