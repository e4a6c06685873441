import { type Prediction, predictionBatch } from "../ebm/classifier/predict.ts";
import type { Predictor } from "../ebm/classifier/predictor.ts";
import type { ReadsTexts } from "../ebm/classifier/folder.ts";
import type { Sequence } from "../nn/sequence.ts";

export { predictionBatch };

/**
 * Predicts sequences in batches of about the same length, the longest first, and returns the predictions in
 * the sequences' order. Between batches it lets others have the thread, and calls `onBatch` with the number
 * of texts that were predicted.
 */
export async function predictSorted(
  { predict, description }: Pick<Predictor<ReadsTexts>, "predict" | "description">,
  sequences: readonly Sequence[],
  onBatch: (texts: number) => void = () => {},
): Promise<Prediction> {
  const classes = description.classes.length;
  const order = Array.from(sequences.keys()).sort((a, b) =>
    sequences[b].ids.length - sequences[a].ids.length || a - b
  );
  const logits = new Float32Array(sequences.length * classes);
  const energies = new Float32Array(sequences.length);
  let hasEnergies = false;
  for (let start = 0; start < order.length; start += predictionBatch) {
    if (start > 0) await new Promise((resolve) => setTimeout(resolve));
    const rows = order.slice(start, start + predictionBatch);
    const batch = predict(rows.map((row) => sequences[row]));
    hasEnergies = batch.energies.length > 0;
    rows.forEach((row, at) => {
      logits.set(batch.logits.subarray(at * classes, (at + 1) * classes), row * classes);
      if (hasEnergies) energies[row] = batch.energies[at];
    });
    onBatch(rows.length);
  }
  return { logits, energies: hasEnergies ? energies : energies.subarray(0, 0) };
}
