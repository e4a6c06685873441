import { logSoftmax, softmax } from "./softmax.ts";

/** Probabilities of labelled examples: all that a metric needs to know of predictions. */
export interface Forecasts {
  /** The true class of each example. [n] */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Row by row, each summing to 1. [n × classes] */
  readonly probabilities: Float64Array;
  /** Minus the natural logarithm of the true class's probability. [n] */
  readonly losses: Float64Array;
}

/** What a classifier said: logits of labelled examples. */
export interface LabelledLogits {
  readonly labels: Int32Array;
  readonly classes: number;
  /** [n × classes] */
  readonly logits: Float64Array;
}

/** By softmax. Losses come from the logits, so that a vanishing probability has a large loss and not an infinite one. */
export function forecastsFromLogits({ labels, classes, logits }: LabelledLogits): Forecasts {
  const logProbabilities = logSoftmax(logits, classes); // [n × classes]
  const losses = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) losses[i] = -logProbabilities[i * classes + labels[i]];
  return { labels, classes, probabilities: softmax(logits, classes), losses };
}

/** Probabilities as they were given, to the last digit: bins depend on it. A true class of probability 0 has an infinite loss. */
export function forecastsFromProbabilities(
  probabilities: Float64Array,
  labels: Int32Array,
  classes: number,
): Forecasts {
  const losses = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) losses[i] = -Math.log(probabilities[i * classes + labels[i]]);
  return { labels, classes, probabilities, losses };
}
