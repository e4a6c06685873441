import { assignBins, type Binning, type BinTally, tallyBins } from "./bins.ts";

/**
 * How the bins' gaps between confidence and accuracy are joined, each bin weighing what it holds: their mean
 * (l1, the default), the root of their mean square (l2), the largest (max, also called MCE), or l2 after the
 * part that the sampling of labels alone adds to each square is taken away (Kumar et al. 2019).
 */
export type Norm = "l1" | "l2" | "l2-debiased" | "max";

/** A calibration error's convention. */
export interface CalibrationErrorOptions extends Binning {
  readonly norm?: Norm;
}

/**
 * Expected calibration error of probabilities of an event: of a classifier's confidences and whether it was
 * right (the top-label ECE), or of one class's probabilities and whether it was that class.
 *
 * @param outcomes 1 where the event happened, else 0; or the share of people who say that it did. [n]
 */
export function calibrationError(
  probabilities: Float64Array,
  outcomes: ArrayLike<number>,
  { norm = "l1", ...binning }: CalibrationErrorOptions = {},
): number {
  return tallyError(tallyBins(assignBins(probabilities, binning), outcomes), norm);
}

/**
 * Calibration error of every class's probability and not of the chosen one's alone (class-wise, also called
 * marginal). The classes' errors are joined as the bins' gaps are: by their mean, the root of their mean
 * square, or the largest.
 */
export function classwiseCalibrationError(
  probabilities: Float64Array,
  labels: Int32Array,
  classes: number,
  options: CalibrationErrorOptions = {},
): number {
  const errors = Float64Array.from(
    { length: classes },
    (_, c) => calibrationError(classColumn(probabilities, c, classes), classOutcomes(labels, c), options),
  );
  const { norm = "l1" } = options;
  if (norm === "max") return Math.max(...errors);
  if (norm === "l1") return errors.reduce((total, error) => total + error, 0) / classes;
  return Math.sqrt(errors.reduce((total, error) => total + error ** 2, 0) / classes);
}

/** One class's column of a matrix that lies row by row. [n × classes] → [n] */
export function classColumn(matrix: Float64Array, ofClass: number, classes: number): Float64Array {
  const column = new Float64Array(matrix.length / classes);
  for (let i = 0; i < column.length; i++) column[i] = matrix[i * classes + ofClass];
  return column;
}

/** 1 where an example is of that class, else 0. [n] */
export function classOutcomes(labels: Int32Array, ofClass: number): Uint8Array {
  const outcomes = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; i++) outcomes[i] = labels[i] === ofClass ? 1 : 0;
  return outcomes;
}

/** Joins the gaps of bins that are already counted. */
export function tallyError({ count, confidence, accuracy }: BinTally, norm: Norm): number {
  const examples = count.reduce((total, one) => total + one, 0);
  let error = 0;
  for (let b = 0; b < count.length; b++) {
    if (count[b] === 0) continue;
    const gap = Math.abs(confidence[b] - accuracy[b]);
    const weight = count[b] / examples;
    if (norm === "max") error = Math.max(error, gap);
    else if (norm === "l1") error += weight * gap;
    else if (norm === "l2") error += weight * gap ** 2;
    else error += weight * debiasedSquare(gap, accuracy[b], count[b]);
  }
  return norm === "l1" || norm === "max" ? error : Math.sqrt(Math.max(0, error));
}

/** One example tells no spread of a bin's accuracy, so a bin of one is left out, as in Kumar et al.'s code. */
function debiasedSquare(gap: number, accuracy: number, count: number): number {
  return count < 2 ? 0 : gap ** 2 - accuracy * (1 - accuracy) / (count - 1);
}
