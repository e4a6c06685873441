import type { Weights } from "./measurement.ts";

/** Returns the mean of some numbers; NaN where there are none. */
export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0) / values.length;
}

/** Returns the standard deviation of some numbers that are all there are, so that n and not n − 1 divides. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - centre) ** 2)));
}

/**
 * Returns the mean of one value for each example; NaN where no example counts.
 *
 * @param weights How often each example counts; once where there are no weights. [n]
 */
export function weightedMean(values: Float64Array, weights?: Weights): number {
  // Several running sums: in a single one, each addition would have to wait for the one before.
  const totals = new Float64Array(8);
  let examples = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? weights[i] : 1;
    if (values[i] === Infinity && weight === 0) continue; // 0 · ∞ would be NaN
    totals[i & 7] += weight * values[i];
    examples += weight;
  }
  return totals.reduce((total, one) => total + one, 0) / examples;
}
