import { mean } from "../resampling/mean.ts";
import type { Weights } from "../resampling/measurement.ts";

/**
 * How many examples of each true class were taken for each class: those of class t taken for p are at
 * t · classes + p. [classes × classes]
 *
 * @param weights Once each where there are none. [n]
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
 * Macro-F1: the mean of the classes' F1, the harmonic mean of precision and recall. Classes that neither
 * occur nor are predicted have none and are left out (as scikit-learn does). From 0 to 1.
 */
export function macroF1(matrix: Float64Array): number {
  const { right, truly, predicted } = margins(matrix);
  const scores = Array.from(right, (hits, c) => 2 * hits / (truly[c] + predicted[c]))
    .filter((_, c) => truly[c] + predicted[c] > 0);
  return mean(scores);
}

/**
 * Matthews correlation coefficient, for any number of classes (Gorodkin 2004): the correlation between true
 * and predicted classes. From −1 to 1; 0 by chance, and also where only one class occurs or only one is
 * predicted, which leaves it undefined (as scikit-learn has it).
 */
export function matthewsCorrelation(matrix: Float64Array): number {
  const { right, truly, predicted } = margins(matrix);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((total, one, c) => total + one * b[c], 0);
  const examples = truly.reduce((total, one) => total + one, 0);
  const covariance = right.reduce((total, one) => total + one, 0) * examples - dot(truly, predicted);
  const spread = (examples ** 2 - dot(truly, truly)) * (examples ** 2 - dot(predicted, predicted));
  return spread === 0 ? 0 : covariance / Math.sqrt(spread);
}

/** The diagonal, the sums of rows and those of columns. */
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
