import type { Weights } from "../resampling/measurement.ts";

/** The order of some scores. */
export interface Ranks {
  /** 0 for the largest score; equal scores share a rank, and none is left out between two others. [n] */
  readonly rank: Int32Array;
  /** How many different scores there are. */
  readonly distinct: number;
}

/** What lies at each rank, the largest score first. Both [distinct]. */
export interface RankTally {
  /** How many positives: examples that ought to have large scores. */
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
 * @param weights Once each where there are none. [n]
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
