import { InputError } from "../../errors.ts";

/** Texts that are asked for by their index; there may be millions. */
interface Texts<Text> {
  readonly length: number;
  at(index: number): Text | undefined;
}

/** The noise texts of a training. */
export interface NoisePool<Text> {
  /** Those that training draws from. */
  readonly pool: Texts<Text>;
  /** Those that it never sees, to measure on. */
  readonly heldOut: readonly Text[];
}

/**
 * Holds some of the noise texts out of training, at equal distances, since the texts that they were made of
 * may be sorted.
 *
 * @param file where they stand
 * @param ofStep the noise texts that a step draws
 * @throws {InputError} where fewer than that are left
 */
export function noisePool<Text>(
  texts: Texts<Text>,
  heldOutNoise: number,
  { file, ofStep }: { readonly file: string; readonly ofStep: number },
): NoisePool<Text> {
  if (texts.length - heldOutNoise < ofStep) {
    const out = heldOutNoise > 0 ? `, of which heldOutNoise takes ${heldOutNoise}` : "";
    throw new InputError({
      at: { file },
      found: `${texts.length} noise texts${out}`,
      expected:
        `at least ${ofStep} to draw from, as many as a step takes (noiseRatio times the texts of a batch)`,
      fix: "Raise sample-noise's samplesPerText, or lower finetune's heldOutNoise, batchSize or noiseRatio.",
    });
  }
  const taken = Array.from({ length: heldOutNoise }, (_, at) => Math.floor(at * texts.length / heldOutNoise));
  const isTaken = new Set(taken);
  const left = Int32Array.from({ length: texts.length }, (_, index) => index)
    .filter((index) => !isTaken.has(index));
  return {
    pool: { length: left.length, at: (index) => texts.at(left[index]) },
    heldOut: taken.map((index) => texts.at(index)!),
  };
}
