/**
 * The noise model's masked-prefix objective (He et al. 2021, section 3.3). The noise model is a causal
 * language model that reads
 *
 *     prefix ++ begin ++ text ++ end
 *
 * where the prefix is the text with some of its tokens masked. It learns to predict the text and its end,
 * each token from all before it, and nothing else; the loss is the mean cross-entropy of these predictions.
 * Noise is the text that it writes after `prefix ++ begin`, so sampling makes prompts just as training does:
 * pads are read like other tokens, and positions count from the first pad.
 */
import { z } from "zod";
import { checkLength, type TransformerConfig } from "../../nn/config.ts";
import type { RandomStream } from "../../random.ts";
import { specialTokens } from "./vocabulary.ts";

/** The settings by which a text becomes a sequence of the noise model. */
export const noiseSequenceOptions = z.object({
  maskRate: z.number().describe("Probability that a token of the prefix is masked."),
  prefixTokens: z.int().describe("Tokens of the prefix, to which it is cut and padded."),
  maxTokens: z.int().describe("Tokens of a text; longer ones are cut."),
  firstPosition: z.int().describe("Position of the first token of the prefix: the model's first."),
}).readonly();

export type NoiseSequenceOptions = z.output<typeof noiseSequenceOptions>;

/**
 * Checks and completes the settings of a model's sequences. Throws InputError where the longest sequence has
 * more tokens than the model has positions. That sequence is `prefix ++ begin ++ text`: the end is predicted
 * and never read, since nothing follows it.
 */
export function sequenceOptions(
  { firstPosition, maxPositions }: TransformerConfig,
  { maskRate, prefixTokens, maxTokens }: Omit<NoiseSequenceOptions, "firstPosition">,
): NoiseSequenceOptions {
  checkLength(prefixTokens + 1 + maxTokens, "prefixTokens + 1 + maxTokens", maxPositions - firstPosition);
  return { maskRate, prefixTokens, maxTokens, firstPosition };
}

/**
 * Makes the prefix of a text: `begin ++ text` in which each token but a pair's separator is masked with
 * probability `maskRate` and a run of masks becomes one, cut to `length` tokens or padded to them on the
 * left.
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

/** Makes the prompt that the noise model completes, `prefix ++ begin`, with masks drawn afresh. */
export function prompt(
  text: readonly number[],
  options: NoiseSequenceOptions,
  random: RandomStream,
): number[] {
  const { maskRate, prefixTokens: length, maxTokens } = options;
  const prefix = maskedPrefix(text.slice(0, maxTokens), { maskRate, length }, random);
  return [...prefix, specialTokens.begin];
}

/** A sequence that the model reads, and the tokens that it must predict. */
export interface ScoredSequence {
  readonly ids: readonly number[];
  /**
   * The tokens to predict: the last follows the last token of `ids`, the one before follows the one before.
   */
  readonly successors: readonly number[];
}

/**
 * Makes the training sequence of a text, with masks drawn afresh. The text and its end are scored, the prompt
 * isn't.
 */
export function scoredSequence(
  text: readonly number[],
  options: NoiseSequenceOptions,
  random: RandomStream,
): ScoredSequence {
  const successors = [...text.slice(0, options.maxTokens), specialTokens.end];
  return { ids: [...prompt(text, options, random), ...successors.slice(0, -1)], successors };
}
