import { assignBins, type BinTally, tallyBins } from "./bins.ts";
import { classColumn, classOutcomes } from "./calibration_error.ts";
import { mean } from "../../statistics.ts";
import type { Measurement } from "../resampling/measurement.ts";

/**
 * Prepares the adaptive calibration error (Nixon et al. 2019): each class's probabilities are divided into
 * ranges that hold equally many examples, and the gap between mean probability and share of the class is
 * averaged over ranges and classes, each weighing the same. The error lies between 0 and 1. A resample is
 * measured in the ranges of the set that it is drawn from.
 *
 * @param ranges The largest number of ranges of a class. There may be fewer, since equal probabilities lie in
 * one range.
 */
export function adaptiveCalibrationError(
  probabilities: Float64Array,
  labels: Int32Array,
  classes: number,
  ranges = 20,
): Measurement<number> {
  const ofClasses = Array.from({ length: classes }, (_, c) => ({
    assignment: assignBins(classColumn(probabilities, c, classes), { bins: ranges, binning: "mass" }),
    outcomes: classOutcomes(labels, c),
  }));
  return (weights) => {
    const errors = ofClasses.map(({ assignment, outcomes }) =>
      meanGap(tallyBins(assignment, outcomes, weights))
    );
    return mean(errors);
  };
}

function meanGap({ count, confidence, accuracy }: BinTally): number {
  const gaps = Array.from(confidence, (mean, b) => Math.abs(mean - accuracy[b])).filter((_, b) =>
    count[b] > 0
  );
  return mean(gaps);
}
