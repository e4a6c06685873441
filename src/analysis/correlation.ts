import type { Weights } from "../calibration/resampling/measurement.ts";
import type { Ranks } from "../calibration/metrics/ranks.ts";

/**
 * Pearson's correlation of two values of each example; NaN where one of them is the same throughout.
 *
 * @param a [n]
 * @param b [n]
 * @param weights How often each example counts; once each where there are none. [n]
 */
export function pearson(a: Float64Array, b: Float64Array, weights?: Weights): number {
  // Distances from the first example: a constant then is exactly 0, and sums of squares lose few digits.
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

/** Spearman's correlation, that of midranks, ranked anew in the resample that the weights are. */
export function spearman(a: Ranks, b: Ranks, weights?: Weights): number {
  return pearson(midranks(a, weights), midranks(b, weights), weights);
}

/** Each example's place from the largest value on; equal values share the mean of their places. [n] */
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
