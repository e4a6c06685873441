/**
 * The noise model's objectives (He et al. 2021, section 3.3). The noise model is a causal language model that
 * reads
 *
 *     prefix ++ begin ++ target ++ end
 *
 * where the target is the text, with its label where the objective has one, and the prefix is the text with
 * some of its tokens masked. It learns to predict the target and its end, each token from all before it, and
 * nothing else; the loss is the mean cross-entropy of these predictions. Noise is the text that it writes
 * after `prefix ++ begin`, so sampling makes prompts just as training does: pads are read like other tokens,
 * and positions count from the first pad.
 */
import { z } from "zod";
import { checkLength, type TransformerConfig } from "../../nn/config.ts";
import type { RandomStream } from "../../random.ts";
import { halfMaskedPrefix, maskedPrefix } from "./prefix.ts";
import { specialTokens } from "./vocabulary.ts";

/** The objectives, by their names in the pipeline file. */
export const noiseObjective = z.enum([
  "masked-prefix",
  "language-model",
  "labelled-masked-prefix",
  "labelled-half-to-full",
  "half-to-full-labelled",
]);

export type NoiseObjective = z.output<typeof noiseObjective>;

/** The settings by which a text becomes a sequence of the noise model. */
export const noiseSequenceOptions = z.object({
  objective: noiseObjective,
  maskRate: z.number().describe("Probability that a token of the prefix is masked."),
  prefixTokens: z.int().describe(
    "Tokens of the prefix, to which it is cut and padded; 0 where there is none.",
  ),
  prefixEnd: z.boolean().describe("Whether the end token follows the text in the prefix."),
  maxTokens: z.int().describe("Tokens of a text with its label; longer texts are cut."),
  firstPosition: z.int().describe("Position of the first token of the prefix: the model's first."),
}).readonly();

export type NoiseSequenceOptions = z.output<typeof noiseSequenceOptions>;

/**
 * Checks and completes the settings of a model's sequences. Throws InputError where the longest sequence has
 * more tokens than the model has positions. That sequence is `prefix ++ begin ++ target`: the end is
 * predicted and never read, since nothing follows it.
 */
export function sequenceOptions(
  { firstPosition, maxPositions }: TransformerConfig,
  { objective, maskRate, prefixTokens, prefixEnd, maxTokens }: Omit<NoiseSequenceOptions, "firstPosition">,
): NoiseSequenceOptions {
  const length = objective === "language-model" ? 0 : prefixTokens;
  checkLength(length + 1 + maxTokens, "prefixTokens + 1 + maxTokens", maxPositions - firstPosition);
  return { objective, maskRate, prefixTokens: length, prefixEnd, maxTokens, firstPosition };
}

/** Whether the noise model writes a label beside the text. */
export function isLabelled(objective: NoiseObjective): boolean {
  return objective.includes("labelled");
}

/** The settings that the length of a text depends on. */
type LengthOptions = Pick<NoiseSequenceOptions, "objective" | "maxTokens">;

/** Returns the number of tokens that a text may have, so that there is room for its label. */
export function textTokens({ objective, maxTokens }: LengthOptions): number {
  if (!isLabelled(objective)) return maxTokens;
  return maxTokens - (objective === "half-to-full-labelled" ? 2 : 1);
}

/**
 * Makes what the noise model learns to write: the text, cut where it is too long, with its label where the
 * objective has one, which comes before the text, or after it behind a separator.
 *
 * @param label The token of the text's class.
 */
export function target(text: readonly number[], label: number, options: LengthOptions): number[] {
  const cut = text.slice(0, textTokens(options));
  if (!isLabelled(options.objective)) return cut;
  return options.objective === "half-to-full-labelled"
    ? [...cut, specialTokens.separator, label]
    : [label, ...cut];
}

/**
 * Takes a target apart. The label is undefined where the objective has none, or where what a noise model
 * wrote has no room for one; whether it is a class's token is for the vocabulary to tell.
 */
export function withoutLabel(
  written: readonly number[],
  objective: NoiseObjective,
): { readonly text: readonly number[]; readonly label: number | undefined } {
  if (!isLabelled(objective)) return { text: written, label: undefined };
  if (objective !== "half-to-full-labelled") return { text: written.slice(1), label: written[0] };
  const label = written.at(-2) === specialTokens.separator ? written.at(-1) : undefined;
  return { text: written.slice(0, -2), label };
}

/** Makes the prompt that the noise model continues, `prefix ++ begin`, with masks drawn afresh. */
export function prompt(
  target: readonly number[],
  { objective, maskRate, prefixTokens: length, prefixEnd: ends, maxTokens }: NoiseSequenceOptions,
  random: RandomStream,
): number[] {
  const { text } = withoutLabel(target.slice(0, maxTokens), objective);
  const prefix = objective.includes("half")
    ? halfMaskedPrefix(text, { length, ends }, random)
    : maskedPrefix(text, maskRate, { length, ends }, random);
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
 * Makes the training sequence of a target, with masks drawn afresh. The target and its end are scored, the
 * prompt isn't.
 */
export function scoredSequence(
  target: readonly number[],
  options: NoiseSequenceOptions,
  random: RandomStream,
): ScoredSequence {
  const successors = [...target.slice(0, options.maxTokens), specialTokens.end];
  return { ids: [...prompt(target, options, random), ...successors.slice(0, -1)], successors };
}
