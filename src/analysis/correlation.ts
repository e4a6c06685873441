import type { Weights } from "../calibration/resampling/measurement.ts";
import type { Ranks } from "../calibration/metrics/ranks.ts";

/**
 * Returns Pearson's correlation of two values that each example has; NaN where one of them is the same for
 * all examples.
 *
 * @param a [n]
 * @param b [n]
 * @param weights How often each example counts; once where there are no weights. [n]
 */
export function pearson(a: Float64Array, b: Float64Array, weights?: Weights): number {
  // Distances from the first example are summed, so that a constant gives exactly 0 and sums of squares lose
  // few digits.
  const [originA, originB] = [a[0], b[0]];
  let [examples, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const weight = weights ? weights[i] : 1;
    const [fromA, fromB] = [a[i] - originA, b[i] - originB];
    examples += weight;
    sumA += weight * fromA;
    sumB += weight * fromB;
    sumAA += weight * fromA * fromA;
    sumBB += weight * fromB * fromB;
    sumAB += weight * fromA * fromB;
  }
  const covariance = sumAB - sumA * sumB / examples;
  return covariance / Math.sqrt((sumAA - sumA * sumA / examples) * (sumBB - sumB * sumB / examples));
}

/**
 * Returns Spearman's correlation, which is Pearson's of midranks. With weights the resample that they draw is
 * ranked anew.
 */
export function spearman(a: Ranks, b: Ranks, weights?: Weights): number {
  return pearson(midranks(a, weights), midranks(b, weights), weights);
}

/**
 * Returns each example's place, counted from the largest value; equal values share the mean of their places.
 * [n]
 */
function midranks({ rank, distinct }: Ranks, weights?: Weights): Float64Array {
  const counts = new Int32Array(distinct);
  for (let i = 0; i < rank.length; i++) counts[rank[i]] += weights ? weights[i] : 1;
  const shared = new Float64Array(distinct);
  let before = 0;
  for (let at = 0; at < distinct; at++) {
    shared[at] = before + (counts[at] + 1) / 2;
    before += counts[at];
  }
  const places = new Float64Array(rank.length); // not mapped from `rank`: that is many times slower
  for (let i = 0; i < rank.length; i++) places[i] = shared[rank[i]];
  return places;
}
