import { mean } from "../../statistics.ts";
import type { Measurement, Weights } from "../resampling/measurement.ts";
import { assignBins, type BinAssignment, type Binning, type BinTally, tallyBins } from "./bins.ts";

/**
 * How the gaps between confidence and accuracy of all bins become one error, where each bin weighs as much as
 * it holds examples: by their mean (l1, the default), by the root of their mean square (l2), by the largest
 * (max, also called MCE), or by l2 after subtracting from each square what the sampling of labels alone adds
 * to it (Kumar et al. 2019).
 */
export type Norm = "l1" | "l2" | "l2-debiased" | "max";

/** The choices on which the value of a calibration error depends. */
export interface CalibrationErrorOptions extends Binning {
  readonly norm?: Norm | undefined;
}

/**
 * Returns the expected calibration error of an event's probabilities (Guo et al. 2017). For the top-label
 * ECE, the event is that a classifier's chosen class is the true one; for the error of one class, that an
 * example is of this class.
 *
 * @example The top-label ECE of four predictions
 * ```ts
 * import assert from "node:assert/strict";
 * import { calibrationError } from "./calibration_error.ts";
 *
 * const confidences = Float64Array.of(0.9, 0.9, 0.6, 0.6); // probabilities of the chosen classes
 * const correct = [1, 1, 1, 0]; // whether each chosen class is the true one
 * const ece = calibrationError(confidences, correct); // two bins, each with a gap of 0.1
 * assert.ok(Math.abs(ece - 0.1) < 1e-12);
 * ```
 *
 * @param probabilities The probability of each example's event. [n]
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
 * Prepares the calibration error of every class's probability, not of the chosen class's alone (class-wise,
 * also called marginal; He et al. 2021). The errors of the classes are joined as the gaps of the bins are: by
 * their mean, the root of their mean square, or the largest.
 *
 * @param probabilities Row by row. [n × classes]
 * @param labels The true class of each example. [n]
 */
export function classwiseCalibrationError(
  probabilities: Float64Array,
  labels: Int32Array,
  classes: number,
  { norm = "l1", ...binning }: CalibrationErrorOptions = {},
): Measurement<number> {
  const ofClasses = Array.from({ length: classes }, (_, c) => ({
    bins: assignBins(classColumn(probabilities, c, classes), binning),
    outcomes: classOutcomes(labels, c),
  }));
  if (norm === "l1") return meanClassError(ofClasses, labels.length);
  return (weights) => {
    const errors = ofClasses.map(({ bins, outcomes }) =>
      tallyError(tallyBins(bins, outcomes, weights), norm)
    );
    return norm === "max" ? Math.max(...errors) : Math.sqrt(mean(errors.map((error) => error ** 2)));
  };
}

/** One class's probabilities in their bins, and which examples are of the class. */
interface ClassBins {
  readonly bins: BinAssignment;
  readonly outcomes: Uint8Array;
}

/**
 * Prepares the mean of the classes' l1 errors. A bin's gap times its count is the sum of its examples' gaps,
 * so that nothing else has to be counted; this makes resamples of many classes faster.
 */
function meanClassError(ofClasses: readonly ClassBins[], examples: number): Measurement<number> {
  const gapsOfClasses = ofClasses.map(({ bins: { edges, values, bin }, outcomes }) => ({
    bins: edges.length - 1,
    bin,
    gaps: values.map((value, i) => value - outcomes[i]),
  }));
  return (weights) => {
    let error = 0;
    for (const { bins, bin, gaps } of gapsOfClasses) error += sumOfGaps(bins, bin, gaps, weights);
    return error / totalWeight(examples, weights) / ofClasses.length;
  };
}

function sumOfGaps(bins: number, bin: Int32Array, gaps: Float64Array, weights?: Weights): number {
  const sums = new Float64Array(bins);
  for (let i = 0; i < bin.length; i++) sums[bin[i]] += (weights ? weights[i] : 1) * gaps[i];
  return sums.reduce((total, one) => total + Math.abs(one), 0);
}

function totalWeight(examples: number, weights?: Weights): number {
  if (!weights) return examples;
  let total = 0;
  for (let i = 0; i < examples; i++) total += weights[i];
  return total;
}

/** Returns one class's column of a matrix that lies row by row. [n × classes] → [n] */
export function classColumn(matrix: Float64Array, ofClass: number, classes: number): Float64Array {
  const column = new Float64Array(matrix.length / classes);
  for (let i = 0; i < column.length; i++) column[i] = matrix[i * classes + ofClass];
  return column;
}

/** Returns 1 where an example is of the class, else 0. [n] */
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

/**
 * Skips a bin of one example, which tells nothing of how much the bin's accuracy scatters, as Kumar et al.'s
 * code does.
 */
function debiasedSquare(gap: number, accuracy: number, count: number): number {
  return count < 2 ? 0 : gap ** 2 - accuracy * (1 - accuracy) / (count - 1);
}
