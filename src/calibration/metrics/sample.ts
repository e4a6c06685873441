import type { Forecasts } from "../predictions/forecasts.ts";
import { weightedMean } from "../../statistics.ts";
import type { Measurement } from "../resampling/measurement.ts";
import { adaptiveCalibrationError } from "./adaptive_calibration_error.ts";
import { assignBins, type Binning, type BinTally, tallyBins } from "./bins.ts";
import { type BrierParts, brierParts } from "./brier_parts.ts";
import { classwiseCalibrationError } from "./calibration_error.ts";
import { confusionMatrix } from "./confusion.ts";
import { brierScores } from "./proper_scores.ts";
import { rankDescending, type RankTally, tallyRanks } from "./ranks.ts";
import { smoothCalibrationError } from "./smooth_ece.ts";
import { topLabel } from "./top_label.ts";

/**
 * A set of predictions, or a resample of it, counted up in the ways that figures need. Each count is made
 * when it is first asked for and then kept, because several figures share it and most uses need only some.
 */
export interface Sample {
  readonly accuracy: () => number;
  readonly negativeLogLikelihood: () => number;
  readonly brierScore: () => number;
  readonly brierParts: () => BrierParts;
  /** The bins of the chosen class's probability. */
  readonly topLabelBins: () => BinTally;
  readonly classwiseError: () => number;
  readonly adaptiveError: () => number;
  readonly smoothError: () => number;
  /** Right answers (positives) and wrong ones (negatives), the most confident first. */
  readonly ranking: () => RankTally;
  /** [classes × classes] */
  readonly confusion: () => Float64Array;
}

/** Prepares predictions, so that as many samples of them can be taken as needed. */
export function prepareSamples(forecasts: Forecasts, binning: Binning): Measurement<Sample> {
  const { probabilities, labels, classes, losses } = forecasts;
  const top = once(() => topLabel(probabilities, labels, classes));
  const hits = once(() => Float64Array.from(top().correct));
  const briers = once(() => brierScores(forecasts));
  const parts = once(() => brierParts(probabilities, labels, classes, binning));
  const bins = once(() => assignBins(top().confidences, binning));
  const classwise = once(() => classwiseCalibrationError(probabilities, labels, classes, binning));
  const adaptive = once(() => adaptiveCalibrationError(probabilities, labels, classes, binning.bins));
  const smooth = once(() => smoothCalibrationError(top().confidences, top().correct));
  const ranks = once(() => rankDescending(top().confidences));
  return (weights) => ({
    accuracy: () => weightedMean(hits(), weights),
    negativeLogLikelihood: () => weightedMean(losses, weights),
    brierScore: () => weightedMean(briers(), weights),
    brierParts: once(() => parts()(weights)),
    topLabelBins: once(() => tallyBins(bins(), top().correct, weights)),
    classwiseError: () => classwise()(weights),
    adaptiveError: () => adaptive()(weights),
    smoothError: () => smooth()(weights).value,
    ranking: once(() => tallyRanks(ranks(), top().correct, weights)),
    confusion: once(() => confusionMatrix(labels, top().predicted, classes, weights)),
  });
}

/** Makes a value when it is first asked for, and keeps it. */
function once<Value>(make: () => Value): () => Value {
  let kept: { readonly value: Value } | undefined;
  return () => (kept ??= { value: make() }).value;
}
