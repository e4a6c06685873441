import { type RandomStream, randomStream } from "../../random.ts";
import { type BootstrapOptions, type Figures, type Interval, intervals, type Range } from "./interval.ts";
import type { Measurement, Weights } from "./measurement.ts";

/**
 * The figures of a set of examples with bootstrap intervals (Efron 1979): as many examples as it has are
 * drawn from it with replacement, again and again, and measured each time.
 *
 * @param sizes How many examples there are; where a measurement compares several sets, how many are in each.
 * Every set is resampled on its own.
 * @param options `ranges`: what each figure can be; no interval goes beyond.
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
 * How often each example is drawn: from each set as many as it has. A draw of 32 bits is even enough: of a
 * million examples, some are a 4,000th likelier than others.
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
