import { randomStream } from "../random.ts";
import { assignBins, type Binning, tallyBins } from "./bins.ts";
import { tallyError } from "./calibration_error.ts";

/** What the ECE of a perfectly calibrated classifier measures on as many examples. */
export interface Floor {
  readonly mean: number;
  readonly standardDeviation: number;
}

/**
 * The ECE (l1, top label) that the same confidences would show if they were perfectly calibrated: never 0 on
 * a finite sample, so an ECE means something only beside it (method.md §5). Labels are redrawn from the
 * predicted probabilities, which for the top label is one draw per example: right with probability
 * `confidence`.
 *
 * @param draws How many times all labels are redrawn; 200 put the mean's own error at a 14th of the deviation.
 */
export function calibrationFloor(
  confidences: Float64Array,
  seed: number,
  { draws = 200, ...binning }: Binning & { readonly draws?: number } = {},
): Floor {
  const assignment = assignBins(confidences, binning);
  const random = randomStream(seed, "calibration floor");
  const correct = new Uint8Array(confidences.length);
  const errors = Float64Array.from({ length: draws }, () => {
    for (let i = 0; i < correct.length; i++) correct[i] = random.next() < confidences[i] ? 1 : 0;
    return tallyError(tallyBins(assignment, correct), "l1");
  });
  const mean = errors.reduce((total, error) => total + error, 0) / draws;
  const variance = errors.reduce((total, error) => total + (error - mean) ** 2, 0) / (draws - 1);
  return { mean, standardDeviation: Math.sqrt(variance) };
}
