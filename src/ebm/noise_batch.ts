import { checkLength, type TransformerConfig } from "../nn/config.ts";
import { type BatchSize, batchSize } from "../nn/flops.ts";
import { pack, vector } from "../nn/packing.ts";
import type { RandomStream } from "../random.ts";
import type { Feed } from "../runtime/session.ts";
import { maskedPrefix, specialTokens } from "./masking.ts";

/** How a text becomes a sequence of the noise model. */
export interface NoiseSequenceOptions {
  readonly maskRate: number;
  /** Tokens of the prefix, to which it is cut and padded. */
  readonly prefixTokens: number;
  /** Tokens of a text; longer ones are cut. */
  readonly maxTokens: number;
  /** Position of the first token of the prefix: the model's first. */
  readonly firstPosition: number;
}

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
 * predicted from the token before it, the first from `begin` (paper, section 3.3).
 */
export function noiseBatch(
  texts: readonly (readonly number[])[],
  options: NoiseSequenceOptions,
  random: RandomStream,
): NoiseBatch {
  const scored: number[] = [];
  const successors: number[] = [];
  let tokens = 0;
  const sequences = texts.map((text) => {
    const target = [...text.slice(0, options.maxTokens), specialTokens.end];
    const start = prompt(text, options, random);
    const ids = [...start, ...target.slice(0, -1)]; // nothing follows the end, so it need not be read
    for (const [index, token] of target.entries()) {
      scored.push(tokens + start.length - 1 + index);
      successors.push(token);
    }
    tokens += ids.length;
    return { ids };
  });
  return {
    feeds: {
      ...pack(sequences, options.firstPosition, true),
      scored: vector(scored),
      successors: vector(successors),
    },
    scored: scored.length,
    ...batchSize(sequences),
  };
}
