import { packParts } from "../../nn/packing.ts";
import type { Sequence } from "../../nn/sequence.ts";
import type { Feed, Session } from "../../runtime/session.ts";
import type { ClassifierShape } from "./program.ts";
import { hasEnergy } from "./variant.ts";

export interface Prediction {
  /** [texts × classes], row by row. */
  readonly logits: Float32Array;
  /** [texts]; empty where the variant has no energy. */
  readonly energies: Float32Array;
}

/** How many texts go through the classifier together. */
export const predictionBatch = 64;

/**
 * Predictions of a classifier whose weights are in the session, for any number of sequences.
 *
 * @param more What each run is fed beside its texts.
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
    while (batch.length < parts) batch.push(batch[0]); // no part may be empty; what comes of it is passed over
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
