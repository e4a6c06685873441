import { randomStream } from "../../random.ts";
import { mean } from "../../statistics.ts";
import { assignBins, type Binning, tallyBins } from "./bins.ts";
import { tallyError } from "./calibration_error.ts";
import type { FigureDefinition } from "./definition.ts";

/** The ECE that perfectly calibrated predictions with given confidences show on as many examples. */
export interface Floor {
  readonly mean: number;
  readonly standardDeviation: number;
}

/** The definition of the floor for the vocabulary of figures. */
export const floorDefinition: FigureDefinition = {
  title: "Floor of ECE",
  meaning:
    "ECE that the same confidences would show if they were perfectly calibrated: above 0, because with finitely " +
    "many examples a bin's accuracy differs from its confidence by chance.",
};

/** How the floor is measured. */
export interface FloorOptions extends Binning {
  /**
   * How many times all labels are redrawn. With 200, the default, the error of the mean is a 14th of the
   * standard deviation.
   */
  readonly draws?: number | undefined;
}

/**
 * Returns the floor of the ECE (l1, top label): what it would be if these confidences were perfectly
 * calibrated (Bröcker and Smith 2007). It is never 0 on a finite sample, so an ECE means something only
 * beside it (method.md §5). Labels are redrawn from the predicted probabilities. For the top label that takes
 * one draw per example, which is right with the probability `confidence`.
 *
 * @example An ECE at its floor is no sign of miscalibration
 * ```ts
 * import assert from "node:assert/strict";
 * import { calibrationFloor } from "./floor.ts";
 *
 * const confidences = new Float64Array(200).fill(0.8);
 * const { mean, standardDeviation } = calibrationFloor(confidences, 1); // the seed is 1
 * assert.ok(mean > 0.01 && mean < 0.04);
 * assert.ok(standardDeviation < mean);
 * ```
 *
 * @param confidences The probability of each example's chosen class. [n]
 */
export function calibrationFloor(confidences: Float64Array, seed: number, options: FloorOptions = {}): Floor {
  const errors = redrawnErrors(confidences, seed, options);
  const centre = mean(errors);
  const variance = errors.reduce((total, error) => total + (error - centre) ** 2, 0) / (errors.length - 1);
  return { mean: centre, standardDeviation: Math.sqrt(variance) };
}

/** Returns the ECE after each redraw of the labels; the floor is their mean. [draws] */
export function redrawnErrors(
  confidences: Float64Array,
  seed: number,
  { draws = 200, ...binning }: FloorOptions = {},
): Float64Array {
  const { edges, values, bin } = assignBins(confidences, binning);
  const { count, confidence } = tallyBins({ edges, values, bin }, confidences);
  const random = randomStream(seed, "calibration floor");
  return Float64Array.from({ length: draws }, () => {
    const correct = new Int32Array(count.length);
    for (let i = 0; i < bin.length; i++) correct[bin[i]] += random.next() < confidences[i] ? 1 : 0;
    const accuracy = Float64Array.from(correct, (inBin, b) => inBin / count[b]);
    return tallyError({ count, confidence, accuracy }, "l1");
  });
}
