import type { Weights } from "../resampling/measurement.ts";

/** The order of some scores, the largest first. */
export interface Ranks {
  /**
   * Each score's rank: 0 for the largest; equal scores share a rank, and the next lower score has the next
   * rank. [n]
   */
  readonly rank: Int32Array;
  /** The number of different scores. */
  readonly distinct: number;
}

/** The examples at each rank, counted. Both [distinct]. */
export interface RankTally {
  /** The number of positives: examples that ought to have large scores. */
  readonly positives: Int32Array;
  readonly negatives: Int32Array;
}

/** Orders scores from the largest to the smallest. */
export function rankDescending(scores: Float64Array): Ranks {
  const order = new Uint32Array(scores.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  order.sort((a, b) => scores[b] - scores[a]);
  const rank = new Int32Array(scores.length);
  let distinct = 0;
  for (let place = 0; place < order.length; place++) {
    if (place === 0 || scores[order[place]] !== scores[order[place - 1]]) distinct++;
    rank[order[place]] = distinct - 1;
  }
  return { rank, distinct };
}

/**
 * Counts the positives and negatives of each rank.
 *
 * @param positive 1 where an example is a positive, else 0. [n]
 * @param weights How often each example counts; once where there are no weights. [n]
 */
export function tallyRanks({ rank, distinct }: Ranks, positive: Uint8Array, weights?: Weights): RankTally {
  const positives = new Int32Array(distinct);
  const negatives = new Int32Array(distinct);
  for (let i = 0; i < rank.length; i++) {
    const weight = weights ? weights[i] : 1;
    positives[rank[i]] += weight * positive[i];
    negatives[rank[i]] += weight - weight * positive[i];
  }
  return { positives, negatives };
}
