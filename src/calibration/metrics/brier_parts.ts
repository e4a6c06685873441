import { assignBins, type BinAssignment, type Binning } from "./bins.ts";
import { classColumn, classOutcomes } from "./calibration_error.ts";
import type { Measurement, Weights } from "../resampling/measurement.ts";

/**
 * The parts of a Brier score, which is reliability − resolution + uncertainty + remainder. Each part is
 * summed over classes, as the score itself is.
 */
export interface BrierParts {
  /** How far the mean probabilities of the bins are from their shares of the class; 0 if calibrated. */
  readonly reliability: number;
  /**
   * How far the shares of the bins are from the share in all examples: the farther, the better examples are
   * told apart.
   */
  readonly resolution: number;
  /** The score of always predicting the class's share in all examples. */
  readonly uncertainty: number;
  /**
   * The part that remains because probabilities differ within a bin: their variance, less twice their
   * covariance with the outcomes (Stephenson et al. 2008). It is 0 where each bin holds one value, and
   * negative where probabilities tell examples within a bin apart.
   */
  readonly remainder: number;
}

/**
 * Prepares Murphy's (1973) parts of the Brier score, in bins of each class's probability: 20 of equal width,
 * or as asked for. Bins of equal mass, as many as there are examples, are Murphy's own, since then each
 * distinct value has its bin.
 */
export function brierParts(
  probabilities: Float64Array,
  labels: Int32Array,
  classes: number,
  binning: Binning = {},
): Measurement<BrierParts> {
  const ofClasses = Array.from({ length: classes }, (_, c) => ({
    assignment: assignBins(classColumn(probabilities, c, classes), binning),
    outcomes: classOutcomes(labels, c),
  }));
  return (weights) => {
    const each = ofClasses.map(({ assignment, outcomes }) => partsOfClass(assignment, outcomes, weights));
    const summed = (part: keyof BrierParts) => each.reduce((total, parts) => total + parts[part], 0);
    return {
      reliability: summed("reliability"),
      resolution: summed("resolution"),
      uncertainty: summed("uncertainty"),
      remainder: summed("remainder"),
    };
  };
}

function partsOfClass(
  { edges, bin, values }: BinAssignment,
  outcomes: Uint8Array,
  weights?: Weights,
): BrierParts {
  const bins = edges.length - 1;
  const [count, probability, happened, square] = Array.from({ length: 4 }, () => new Float64Array(bins));
  for (let i = 0; i < bin.length; i++) {
    const weight = weights ? weights[i] : 1;
    count[bin[i]] += weight;
    probability[bin[i]] += weight * values[i];
    happened[bin[i]] += weight * outcomes[i];
    square[bin[i]] += weight * (values[i] - outcomes[i]) ** 2;
  }
  const examples = count.reduce((total, one) => total + one, 0);
  const overall = happened.reduce((total, one) => total + one, 0) / examples;
  const parts = { reliability: 0, resolution: 0, uncertainty: overall * (1 - overall), remainder: 0 };
  for (let b = 0; b < bins; b++) {
    if (count[b] === 0) continue;
    const share = happened[b] / count[b];
    const gap = (probability[b] / count[b] - share) ** 2;
    parts.reliability += count[b] / examples * gap;
    parts.resolution += count[b] / examples * (share - overall) ** 2;
    parts.remainder += (square[b] - count[b] * (gap + share * (1 - share))) / examples;
  }
  return parts;
}
