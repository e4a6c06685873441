/** How often each example counts, such as how often a resample has drawn it. [n] */
export type Weights = Int32Array;

/**
 * Figures of examples that are sorted, binned or ranked already: what remains is linear in their number, so
 * that thousands of resamples can be measured. Without weights each example counts once.
 */
export type Measurement<Figures> = (weights?: Weights) => Figures;

/** The mean of values of which each counts as often as its weight says; NaN of none. */
export function weightedMean(values: Float64Array, weights?: Weights): number {
  // Several running sums: in a single one each addition would have to wait for the one before.
  const totals = new Float64Array(8);
  let examples = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? weights[i] : 1;
    if (values[i] === Infinity && weight === 0) continue; // 0 · ∞ would be no number
    totals[i & 7] += weight * values[i];
    examples += weight;
  }
  return totals.reduce((total, one) => total + one, 0) / examples;
}
