import { randomStream } from "../../random.ts";
import { assignBins, type Binning, tallyBins } from "./bins.ts";
import { tallyError } from "./calibration_error.ts";

/** What the ECE of a perfectly calibrated classifier measures on as many examples. */
export interface Floor {
  readonly mean: number;
  readonly standardDeviation: number;
}

/** How the floor is measured. */
export interface FloorOptions extends Binning {
  /** How many times all labels are redrawn; 200, the default, put the mean's own error at a 14th of the deviation. */
  readonly draws?: number;
}

/**
 * The ECE (l1, top label) that the same confidences would show if they were perfectly calibrated: never 0 on
 * a finite sample, so an ECE means something only beside it (method.md §5). Labels are redrawn from the
 * predicted probabilities, which for the top label is one draw per example: right with probability
 * `confidence`.
 */
export function calibrationFloor(confidences: Float64Array, seed: number, options: FloorOptions = {}): Floor {
  const errors = redrawnErrors(confidences, seed, options);
  const mean = errors.reduce((total, error) => total + error, 0) / errors.length;
  const variance = errors.reduce((total, error) => total + (error - mean) ** 2, 0) / (errors.length - 1);
  return { mean, standardDeviation: Math.sqrt(variance) };
}

/** The ECE of each redraw of the labels, of which the floor is the mean. [draws] */
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
