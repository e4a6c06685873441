import { logSoftmax, softmax } from "./softmax.ts";

/** Predicted probabilities of labelled examples, from which every figure is measured. */
export interface Forecasts {
  /** The true class of each example. [n] */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Row by row, each summing to 1. [n × classes] */
  readonly probabilities: Float64Array;
  /** Minus the natural logarithm of the true class's probability. [n] */
  readonly losses: Float64Array;
}

/** Predicted logits of labelled examples. */
export interface LabelledLogits {
  /** The true class of each example. [n] */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Row by row: the logit of class c for example i is at i · classes + c. [n × classes] */
  readonly logits: Float64Array;
}

/**
 * Makes probabilities of logits by softmax. Losses come from the logits, so that a true class of vanishing
 * probability has a large loss and not an infinite one.
 */
export function forecastsFromLogits({ labels, classes, logits }: LabelledLogits): Forecasts {
  const logProbabilities = logSoftmax(logits, classes); // [n × classes]
  const losses = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) losses[i] = -logProbabilities[i * classes + labels[i]];
  return { labels, classes, probabilities: softmax(logits, classes), losses };
}

/**
 * Takes probabilities as they are given, to the last digit, because bins depend on it. A true class of
 * probability 0 has an infinite loss.
 */
export function forecastsFromProbabilities(
  probabilities: Float64Array,
  labels: Int32Array,
  classes: number,
): Forecasts {
  const losses = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) losses[i] = -Math.log(probabilities[i * classes + labels[i]]);
  return { labels, classes, probabilities, losses };
}
