/** The class that a classifier chooses for each example. */
export interface TopLabel {
  /** The most probable class; the first where several are equal, as for argmax. [n] */
  readonly predicted: Int32Array;
  /** The probability of this class. [n] */
  readonly confidences: Float64Array;
  /** 1 where the chosen class is the true one, else 0. [n] */
  readonly correct: Uint8Array;
}

/**
 * Finds the most probable class of each example, and whether it is right. Probabilities are [n × classes].
 */
export function topLabel(probabilities: Float64Array, labels: Int32Array, classes: number): TopLabel {
  const predicted = new Int32Array(labels.length);
  const confidences = new Float64Array(labels.length);
  const correct = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    let top = 0;
    for (let c = 1; c < classes; c++) {
      if (probabilities[i * classes + c] > probabilities[i * classes + top]) top = c;
    }
    predicted[i] = top;
    confidences[i] = probabilities[i * classes + top];
    correct[i] = top === labels[i] ? 1 : 0;
  }
  return { predicted, confidences, correct };
}

/** Returns the share of examples whose chosen class is right. */
export function accuracy({ correct }: Pick<TopLabel, "correct">): number {
  return correct.reduce((total, one) => total + one, 0) / correct.length;
}
