import { pack, partFeeds, splitRows, vector } from "../../nn/packing.ts";
import { type BatchSize, batchSize } from "../../nn/sequence.ts";
import type { RandomStream } from "../../random.ts";
import type { Feed } from "../../runtime/session.ts";
import { type NoiseSequenceOptions, type ScoredSequence, scoredSequence } from "./objective.ts";

/** The feeds and the size of a batch of the noise model's sequences. */
export interface NoiseBatch extends BatchSize {
  readonly feeds: Record<string, Feed>;
  /** The number of tokens that are predicted and scored. */
  readonly scored: number;
}

/**
 * Makes a batch of the sequences of targets, with masks drawn afresh (see `objective.ts`).
 *
 * @param parts The number of parts of a training batch that threads compute side by side; a batch to evaluate
 * has none.
 */
export function noiseBatch(
  targets: readonly (readonly number[])[],
  options: NoiseSequenceOptions,
  random: RandomStream,
  parts?: number,
): NoiseBatch {
  const sequences = targets.map((target) => scoredSequence(target, options, random));
  const feedsOf = (sequences: readonly ScoredSequence[]) => scoredFeeds(sequences, options.firstPosition);
  const split = parts === undefined ? [] : splitRows(sequences.map(({ ids }) => ids.length), parts);
  const partsFeeds = split.map((rows, part) => partFeeds(feedsOf(rows.map((row) => sequences[row])), part));
  return {
    feeds: parts === undefined ? feedsOf(sequences) : Object.assign({}, ...partsFeeds),
    scored: sequences.reduce((total, { successors }) => total + successors.length, 0),
    ...batchSize(sequences),
  };
}

/**
 * Makes the feeds of sequences: their packed tokens, the places of those whose successors are scored, and the
 * successors.
 */
export function scoredFeeds(
  sequences: readonly ScoredSequence[],
  firstPosition: number,
): Record<string, Feed> {
  let tokens = 0;
  const scored = sequences.flatMap(({ ids, successors }) => {
    tokens += ids.length;
    return successors.map((_, index) => tokens - successors.length + index);
  });
  const successors = sequences.flatMap((sequence) => sequence.successors);
  return {
    ...pack(sequences, firstPosition, true),
    scored: vector(scored),
    successors: vector(successors),
  };
}
