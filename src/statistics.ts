/** Returns the arithmetic mean; NaN where there are no values. */
export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0) / values.length;
}

/** Returns the standard deviation of a whole population: squares are divided by n, not by n − 1. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - centre) ** 2)));
}

/**
 * Returns the mean of one value for each example; NaN where no example counts.
 *
 * @param weights How often each example counts; once where there are no weights. [n]
 */
export function weightedMean(values: Float64Array, weights?: Int32Array): number {
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
