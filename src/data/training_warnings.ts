import { excerpt } from "../excerpt.ts";
import type { NoiseRow } from "./rows.ts";

/**
 * Warns of texts that a model can read only the beginning of.
 *
 * @param isCut tells whether the text at an index has more than `maxTokens` tokens
 * @returns a line where there are such texts, with how many and the first of them
 */
export function cutTexts(
  rows: readonly NoiseRow[],
  maxTokens: number,
  isCut: (row: NoiseRow, index: number) => boolean,
): string[] {
  const cut = rows.filter(isCut);
  if (cut.length === 0) return [];
  const [{ id, text }] = cut;
  return [
    `warning: ${cut.length} of ${rows.length} texts have more than ${maxTokens} tokens (maxTokens) and are cut; ` +
    `for example ${excerpt(text, 80)} at ${excerpt(id, 40)}`,
  ];
}

/** Noise of a smaller share of the samples than this may tell more of what is short than of the data. */
const leastKept = 0.5;

/**
 * Warns where few of the samples that were drawn are texts that end in time.
 *
 * @param name what the samples are for
 */
export function fewSamples(
  name: string,
  { drawn, kept }: { readonly drawn: number; readonly kept: number },
  maxTokens: number,
): string[] {
  if (kept >= leastKept * drawn) return [];
  return [
    `warning: ${kept} of ${drawn} samples for ${name} were kept, since the others are no text or pair, or don't ` +
    `end within ${maxTokens} tokens; train the noise model for more steps, or raise sample-noise's maxTokens`,
  ];
}

/**
 * Warns where a training sees its noise texts again, and more often than the data, as there are fewer of them.
 *
 * @param ofStep how many texts of each kind a step tells apart
 * @param texts how many different ones there are of each kind
 */
export function repeatedNoise(
  ofStep: { readonly data: number; readonly noise: number },
  texts: { readonly data: number; readonly noise: number },
  steps: number,
): string[] {
  const [data, noise] = [steps * ofStep.data / texts.data, steps * ofStep.noise / texts.noise];
  if (noise <= Math.max(1, data)) return [];
  return [
    `warning: each noise text is seen ${noise.toFixed(1)} times, each text of the data ${
      data.toFixed(1)
    } times; ` +
    "raise sample-noise's samplesPerText for noise that is fresh",
  ];
}
