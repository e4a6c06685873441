import { packParts } from "../../nn/packing.ts";
import type { Sequence } from "../../nn/sequence.ts";
import type { Feed, Session } from "../../runtime/session.ts";
import type { ClassifierShape } from "./program.ts";
import { hasEnergy } from "./variant.ts";

/** The logits and energies that a classifier gives texts. */
export interface Prediction {
  /** [texts × classes], row by row. */
  readonly logits: Float32Array;
  /** [texts]; empty where the variant has no energy. */
  readonly energies: Float32Array;
}

/** The number of texts that go through the classifier together. */
export const predictionBatch = 64;

/**
 * Predicts any number of sequences with the classifier whose weights are in the session.
 *
 * @param parts The number of parts that the program's batches are split into.
 * @param more Makes the feeds that each run needs beside its texts.
 */
export function predictSequences(
  session: Pick<Session<"predict">, "run">,
  { config, variant, classes }: ClassifierShape,
  sequences: readonly Sequence[],
  parts: number,
  more: () => Readonly<Record<string, Feed>> = () => ({}),
): Prediction {
  const logits = new Float32Array(sequences.length * classes);
  const energies = new Float32Array(hasEnergy(variant) ? sequences.length : 0);
  for (let start = 0; start < sequences.length; start += predictionBatch) {
    const batch = sequences.slice(start, start + predictionBatch);
    // No part may be empty. The outputs for repeated texts are dropped.
    while (batch.length < parts) batch.push(batch[0]);
    const { feeds, order } = packParts(batch, config.firstPosition, parts);
    const result = session.run("predict", { ...feeds, ...more() });
    for (const [position, row] of order.entries()) {
      const text = start + row;
      if (text >= sequences.length) continue;
      logits.set(
        result.floats("logits").subarray(position * classes, (position + 1) * classes),
        text * classes,
      );
      if (energies.length > 0) energies[text] = result.floats("energy")[position];
    }
  }
  return { logits, energies };
}
