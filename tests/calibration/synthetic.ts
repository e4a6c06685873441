import type { Predictions } from "../../src/calibration/predictions/classified.ts";
import { softmax } from "../../src/calibration/predictions/softmax.ts";
import { randomStream } from "../../src/random.ts";

/**
 * Predictions whose labels are drawn from the very probabilities that their logits say: perfectly calibrated.
 */
export function calibratedPredictions(examples: number, classes: number, seed = 1): Predictions {
  const random = randomStream(seed, "synthetic predictions");
  const logits = Float64Array.from({ length: examples * classes }, () => 2 * random.normal());
  const probabilities = softmax(logits, classes);
  const labels = Int32Array.from({ length: examples }, (_, i) => {
    let left = random.next();
    let label = 0;
    while (label < classes - 1 && (left -= probabilities[i * classes + label]) >= 0) label++;
    return label;
  });
  return { ids: Array.from(labels, (_, i) => `row ${i}`), labels, logits, classes };
}

/** Predictions from rows of logits. */
export function predictionsOf(rows: readonly (readonly number[])[], labels: readonly number[]): Predictions {
  return {
    ids: rows.map((_, i) => `row ${i}`),
    labels: Int32Array.from(labels),
    logits: Float64Array.from(rows.flat()),
    classes: rows[0].length,
  };
}
