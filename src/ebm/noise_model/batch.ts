import { z } from "zod";
import { checkLength, type TransformerConfig } from "../../nn/config.ts";
import { type BatchSize, batchSize } from "../../nn/flops.ts";
import { pack, partFeeds, splitRows, vector } from "../../nn/packing.ts";
import type { RandomStream } from "../../random.ts";
import type { Feed } from "../../runtime/session.ts";
import { maskedPrefix, specialTokens } from "./objective.ts";

/** How a text becomes a sequence of the noise model. */
export const noiseSequenceOptions = z.object({
  maskRate: z.number(),
  prefixTokens: z.int().describe("Tokens of the prefix, to which it is cut and padded."),
  maxTokens: z.int().describe("Tokens of a text; longer ones are cut."),
  firstPosition: z.int().describe("Position of the first token of the prefix: the model's first."),
}).readonly();

export type NoiseSequenceOptions = z.output<typeof noiseSequenceOptions>;

/**
 * How a model's sequences are made. Throws InputError where the longest, `prefix ++ begin ++ text`, is longer than what the model
 * can read.
 */
export function sequenceOptions(
  { firstPosition, maxPositions }: TransformerConfig,
  { maskRate, prefixTokens, maxTokens }: Omit<NoiseSequenceOptions, "firstPosition">,
): NoiseSequenceOptions {
  checkLength(prefixTokens + 1 + maxTokens, "prefixTokens + 1 + maxTokens", maxPositions - firstPosition);
  return { maskRate, prefixTokens, maxTokens, firstPosition };
}

export interface NoiseBatch extends BatchSize {
  readonly feeds: Record<string, Feed>;
  /** How many tokens have a successor that is scored. */
  readonly scored: number;
}

/** `prefix ++ begin`: what the noise model completes. */
export function prompt(
  text: readonly number[],
  options: NoiseSequenceOptions,
  random: RandomStream,
): number[] {
  const { maskRate, prefixTokens: length, maxTokens } = options;
  const prefix = maskedPrefix(text.slice(0, maxTokens), { maskRate, length }, random);
  return [...prefix, specialTokens.begin];
}

/**
 * A batch of sequences `prefix ++ begin ++ text ++ end`, with masks drawn afresh. Only the text and its end are scored: each is
 * predicted from the token before it, the first from `begin` (paper, section 3.3). Given `parts`, it is a training batch that is
 * split into as many.
 */
export function noiseBatch(
  texts: readonly (readonly number[])[],
  options: NoiseSequenceOptions,
  random: RandomStream,
  parts?: number,
): NoiseBatch {
  const sequences = texts.map((text) => scoredSequence(text, options, random));
  const feedsOf = (sequences: readonly ScoredSequence[]) => scoredFeeds(sequences, options.firstPosition);
  const split = parts === undefined ? [] : splitRows(sequences.map(({ ids }) => ids.length), parts);
  const partsFeeds = split.map((rows, part) => partFeeds(feedsOf(rows.map((row) => sequences[row])), part));
  return {
    feeds: parts === undefined ? feedsOf(sequences) : Object.assign({}, ...partsFeeds),
    scored: sequences.reduce((total, { successors }) => total + successors.length, 0),
    ...batchSize(sequences),
  };
}

/** A sequence of which the last tokens' successors are scored. */
export interface ScoredSequence {
  readonly ids: readonly number[];
  /** Of as many tokens at the end. */
  readonly successors: readonly number[];
}

function scoredSequence(
  text: readonly number[],
  options: NoiseSequenceOptions,
  random: RandomStream,
): ScoredSequence {
  const successors = [...text.slice(0, options.maxTokens), specialTokens.end];
  // Nothing follows the end, so it need not be read.
  return { ids: [...prompt(text, options, random), ...successors.slice(0, -1)], successors };
}

/** What the noise model is fed for sequences: they themselves, which of their packed tokens are scored, and the successors. */
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
