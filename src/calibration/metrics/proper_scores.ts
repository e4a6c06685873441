import { logSoftmax } from "../predictions/softmax.ts";

/**
 * Mean negative log-likelihood of the true classes, in nats. Computed from logits and not from probabilities,
 * so that a class of vanishing probability has a large loss and not an infinite one.
 */
export function negativeLogLikelihood(logits: Float64Array, labels: Int32Array, classes: number): number {
  const logProbabilities = logSoftmax(logits, classes); // [n × classes]
  let total = 0;
  for (let i = 0; i < labels.length; i++) total -= logProbabilities[i * classes + labels[i]];
  return total / labels.length;
}

/** Brier score (1950): the mean over examples of the squared distance summed over classes; from 0 to 2. */
export function brierScore(probabilities: Float64Array, labels: Int32Array, classes: number): number {
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    for (let c = 0; c < classes; c++) {
      total += (probabilities[i * classes + c] - (labels[i] === c ? 1 : 0)) ** 2;
    }
  }
  return total / labels.length;
}
