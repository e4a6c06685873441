import { type RandomStream, randomStream } from "../../random.ts";
import { type BootstrapOptions, type Figures, type Interval, intervals, type Range } from "./interval.ts";
import type { Measurement, Weights } from "./measurement.ts";

/**
 * Measures a set of examples with bootstrap intervals (Efron 1979): as many examples as the set has are drawn
 * from it with replacement, again and again, and measured each time.
 *
 * @example An accuracy with its 95 % interval
 * ```ts
 * import assert from "node:assert/strict";
 * import { bootstrap } from "./bootstrap.ts";
 * import { weightedMean } from "../../statistics.ts";
 *
 * const correct = Float64Array.from({ length: 100 }, (_, i) => i < 80 ? 1 : 0);
 * const measure = (weights?: Int32Array) => ({ accuracy: weightedMean(correct, weights) });
 * const { accuracy } = bootstrap(measure, [100], { seed: 1, resamples: 1000 });
 * assert.equal(accuracy.value, 0.8);
 * assert.ok(accuracy.low > 0.68 && accuracy.low < 0.76); // the standard error is 0.04
 * assert.ok(accuracy.high > 0.84 && accuracy.high < 0.92);
 * ```
 *
 * @param sizes The number of examples; where a measurement compares several sets, the number in each. Every
 * set is resampled on its own.
 * @param options `ranges` are the smallest and largest value that each figure can have; no interval goes
 * beyond.
 */
export function bootstrap<Name extends string>(
  measure: Measurement<Figures<Name>>,
  sizes: readonly number[],
  options: BootstrapOptions & { readonly ranges?: Readonly<Partial<Record<Name, Range>>> },
): Readonly<Record<Name, Interval>> {
  const random = randomStream(options.seed, "bootstrap");
  const resample = () => measure(drawExamples(random, sizes));
  return intervals(measure(), resample, options, options.ranges);
}

/**
 * Draws from each set, with replacement, as many examples as it has, and counts how often each is drawn. A
 * random number of 32 bits is even enough for this: among a million examples, some are a 4,000th likelier
 * than others.
 *
 * @returns [sum of sizes]
 */
export function drawExamples(random: RandomStream, sizes: readonly number[]): Weights {
  const weights = new Int32Array(sizes.reduce((total, size) => total + size, 0));
  let start = 0;
  for (const size of sizes) {
    for (let draw = 0; draw < size; draw++) weights[start + Math.floor(random.next() * size)]++;
    start += size;
  }
  return weights;
}
