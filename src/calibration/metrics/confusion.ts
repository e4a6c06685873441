import { mean } from "../../statistics.ts";
import type { Weights } from "../resampling/measurement.ts";

/**
 * Counts how many examples of each true class were predicted to be of each class: those of class t that were
 * predicted as p are at t · classes + p. [classes × classes]
 *
 * @param weights How often each example counts; once where there are no weights. [n]
 */
export function confusionMatrix(
  labels: Int32Array,
  predicted: Int32Array,
  classes: number,
  weights?: Weights,
): Float64Array {
  const matrix = new Float64Array(classes * classes);
  for (let i = 0; i < labels.length; i++) {
    matrix[labels[i] * classes + predicted[i]] += weights ? weights[i] : 1;
  }
  return matrix;
}

/**
 * Returns the macro-F1, from 0 to 1: the mean over classes of F1, which is the harmonic mean of precision and
 * recall. Classes that neither occur nor are predicted have no F1 and are left out, as in scikit-learn.
 */
export function macroF1(matrix: Float64Array): number {
  const { right, truly, predicted } = margins(matrix);
  const scores = Array.from(right, (hits, c) => 2 * hits / (truly[c] + predicted[c]))
    .filter((_, c) => truly[c] + predicted[c] > 0);
  return mean(scores);
}

/**
 * Returns Matthews' correlation coefficient of true and predicted classes, for any number of classes
 * (Gorodkin 2004), from −1 to 1. It is 0 by chance. Where only one class occurs or only one is predicted, it
 * is undefined, and taken to be 0 as in scikit-learn.
 */
export function matthewsCorrelation(matrix: Float64Array): number {
  const { right, truly, predicted } = margins(matrix);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((total, one, c) => total + one * b[c], 0);
  const examples = truly.reduce((total, one) => total + one, 0);
  const covariance = right.reduce((total, one) => total + one, 0) * examples - dot(truly, predicted);
  const spread = (examples ** 2 - dot(truly, truly)) * (examples ** 2 - dot(predicted, predicted));
  return spread === 0 ? 0 : covariance / Math.sqrt(spread);
}

/** Returns the diagonal of a confusion matrix, the sums of its rows and those of its columns. */
function margins(
  matrix: Float64Array,
): { readonly right: Float64Array; readonly truly: Float64Array; readonly predicted: Float64Array } {
  const classes = Math.sqrt(matrix.length);
  const right = new Float64Array(classes);
  const truly = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  for (let t = 0; t < classes; t++) {
    right[t] = matrix[t * classes + t];
    for (let p = 0; p < classes; p++) {
      truly[t] += matrix[t * classes + p];
      predicted[p] += matrix[t * classes + p];
    }
  }
  return { right, truly, predicted };
}
