/**
 * The noise model's masked-prefix objective (He et al. 2021, section 3.3). The noise model is a causal language model that reads
 *
 *     prefix ++ begin ++ text ++ end
 *
 * where the prefix is the text with some tokens masked. It is trained to predict the text and its end, each token from all before it; the
 * loss is the mean cross-entropy of these predictions. Noise is what it writes after `prefix ++ begin`, so sampling must make the prompt
 * exactly as training did: pads are read like any other token, and positions count from the first of them.
 */
import { z } from "zod";
import { checkLength, type TransformerConfig } from "../../nn/config.ts";
import type { RandomStream } from "../../random.ts";
import { specialTokens } from "./vocabulary.ts";

/** How a text becomes a sequence of the noise model. */
export const noiseSequenceOptions = z.object({
  maskRate: z.number().describe("Probability that a token of the prefix is masked."),
  prefixTokens: z.int().describe("Tokens of the prefix, to which it is cut and padded."),
  maxTokens: z.int().describe("Tokens of a text; longer ones are cut."),
  firstPosition: z.int().describe("Position of the first token of the prefix: the model's first."),
}).readonly();

export type NoiseSequenceOptions = z.output<typeof noiseSequenceOptions>;

/**
 * How a model's sequences are made. Throws InputError where the longest, `prefix ++ begin ++ text`, is longer than what the model can read;
 * nothing follows `end`, so it is predicted and never read.
 */
export function sequenceOptions(
  { firstPosition, maxPositions }: TransformerConfig,
  { maskRate, prefixTokens, maxTokens }: Omit<NoiseSequenceOptions, "firstPosition">,
): NoiseSequenceOptions {
  checkLength(prefixTokens + 1 + maxTokens, "prefixTokens + 1 + maxTokens", maxPositions - firstPosition);
  return { maskRate, prefixTokens, maxTokens, firstPosition };
}

/**
 * The prefix of a text: `begin ++ text` with each token but the separator of a pair masked with probability `maskRate` and a run of masks
 * made one, cut to `length` and padded to it on the left.
 */
export function maskedPrefix(
  text: ArrayLike<number>,
  { maskRate, length }: { readonly maskRate: number; readonly length: number },
  random: RandomStream,
): number[] {
  const { begin, mask, pad, separator } = specialTokens;
  const prefix: number[] = [begin];
  for (let index = 0; index < text.length; index++) {
    const masked = text[index] !== separator && random.next() < maskRate;
    if (!masked) prefix.push(text[index]);
    else if (prefix.at(-1) !== mask) prefix.push(mask);
  }
  const cut = prefix.slice(0, length);
  return [...new Array<number>(length - cut.length).fill(pad), ...cut];
}

/** The prompt that the noise model completes, `prefix ++ begin`, with masks drawn afresh. */
export function prompt(
  text: readonly number[],
  options: NoiseSequenceOptions,
  random: RandomStream,
): number[] {
  const { maskRate, prefixTokens: length, maxTokens } = options;
  const prefix = maskedPrefix(text.slice(0, maxTokens), { maskRate, length }, random);
  return [...prefix, specialTokens.begin];
}

/** A sequence that the model reads, and the tokens that it is to predict. */
export interface ScoredSequence {
  readonly ids: readonly number[];
  /** The tokens that follow each of the last `successors.length` tokens of `ids`; their predictions are scored. */
  readonly successors: readonly number[];
}

/** The training sequence of a text, with masks drawn afresh: the text and its end are scored, the prompt is not. */
export function scoredSequence(
  text: readonly number[],
  options: NoiseSequenceOptions,
  random: RandomStream,
): ScoredSequence {
  const successors = [...text.slice(0, options.maxTokens), specialTokens.end];
  return { ids: [...prompt(text, options, random), ...successors.slice(0, -1)], successors };
}
