import { InputError } from "../../errors.ts";

/** The noise texts of a training. */
export interface NoisePool<Text> {
  /** Those that training draws from. */
  readonly pool: readonly Text[];
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
  texts: readonly Text[],
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
      fix: "Raise sample-noise's samplesPerText, or lower finetune's batchSize or noiseRatio.",
    });
  }
  const taken = new Set(
    Array.from({ length: heldOutNoise }, (_, index) => Math.floor(index * texts.length / heldOutNoise)),
  );
  return {
    pool: texts.filter((_, index) => !taken.has(index)),
    heldOut: texts.filter((_, index) => taken.has(index)),
  };
}
