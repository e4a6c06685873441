import { assignBins, type BinTally, tallyBins } from "./bins.ts";
import { classColumn, classOutcomes } from "./calibration_error.ts";
import { mean } from "../resampling/mean.ts";
import type { Measurement } from "../resampling/measurement.ts";

/**
 * Adaptive calibration error (Nixon et al. 2019): the gap between mean probability and share of each class in
 * ranges that hold equally many examples, averaged over ranges and classes, each weighing the same. From 0
 * to 1. Equal probabilities lie in one range, so there may be fewer. A resample is
 * measured in the ranges of the examples that it is drawn from.
 *
 * @param ranges How many there are of each class at the most.
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
