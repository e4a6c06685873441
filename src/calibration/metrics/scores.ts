import { calibrationError, classwiseCalibrationError } from "./calibration_error.ts";
import { calibrationFloor, type Floor } from "./floor.ts";
import type { Predictions } from "../predictions/logits_file.ts";
import { brierScore, negativeLogLikelihood } from "./proper_scores.ts";
import { type ReliabilityBin, reliabilityBins } from "./reliability.ts";
import { softmax } from "../predictions/softmax.ts";
import { accuracy, topLabel } from "./top_label.ts";

/** A set of predictions' figures. Every calibration error has 20 bins of equal width, (a, b], in float64. */
export interface Scores {
  readonly accuracy: number;
  /** Negative log-likelihood in nats. */
  readonly nll: number;
  /** Summed over classes: from 0 to 2. */
  readonly brier: number;
  /** Top label, l1. */
  readonly ece: number;
  /** The same of perfectly calibrated predictions with the same confidences. */
  readonly eceFloor: Floor;
  /** Top label, l2, less what sampling alone adds; 0 where nothing is left. */
  readonly eceDebiased: number;
  /** Mean over classes, l1. */
  readonly eceClasswise: number;
  readonly reliability: readonly ReliabilityBin[];
}

/** Every figure of method.md §4 for a set of predictions; the seed is that of the floor's redrawn labels. */
export function score({ logits, labels, classes }: Predictions, seed: number): Scores {
  const probabilities = softmax(logits, classes); // [n × classes]
  const top = topLabel(probabilities, labels, classes);
  return {
    accuracy: accuracy(top),
    nll: negativeLogLikelihood(logits, labels, classes),
    brier: brierScore(probabilities, labels, classes),
    ece: calibrationError(top.confidences, top.correct),
    eceFloor: calibrationFloor(top.confidences, seed),
    eceDebiased: calibrationError(top.confidences, top.correct, { norm: "l2-debiased" }),
    eceClasswise: classwiseCalibrationError(probabilities, labels, classes),
    reliability: reliabilityBins(top),
  };
}
