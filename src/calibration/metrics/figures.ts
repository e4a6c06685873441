import type { Forecasts } from "../predictions/forecasts.ts";
import type { Figures, Range } from "../resampling/interval.ts";
import type { Measurement } from "../resampling/measurement.ts";
import type { Binning } from "./bins.ts";
import { tallyError } from "./calibration_error.ts";
import { macroF1, matthewsCorrelation } from "./confusion.ts";
import type { FigureDefinition } from "./definition.ts";
import { aurc, auroc } from "./rank_curves.ts";
import { prepareSamples, type Sample } from "./sample.ts";

/** A figure of labelled predictions. */
interface Figure extends FigureDefinition {
  /** No interval of the figure goes beyond its range. */
  readonly range: Range;
  readonly of: (sample: Sample) => number;
}

const share: Range = [0, 1];

/** The name of a figure, as it is in JSON. */
export type FigureName =
  | "accuracy"
  | "macro_f1"
  | "mcc"
  | "nll"
  | "brier"
  | "brier_reliability"
  | "brier_resolution"
  | "brier_uncertainty"
  | "brier_remainder"
  | "ece"
  | "ece_debiased"
  | "ece_classwise"
  | "ace"
  | "smooth_ece"
  | "mce"
  | "auroc_error"
  | "aurc";

/** All figures of labelled predictions, by the names that they have in JSON. */
export const figures = {
  accuracy: {
    title: "Accuracy",
    meaning: "Share of examples whose most probable class is the true one.",
    better: "higher",
    range: share,
    of: ({ accuracy }) => accuracy(),
  },
  macro_f1: {
    title: "Macro-F1",
    meaning: "Harmonic mean of precision and recall of a class, averaged over classes.",
    better: "higher",
    range: share,
    of: ({ confusion }) => macroF1(confusion()),
  },
  mcc: {
    title: "MCC",
    meaning: "Matthews correlation coefficient of true and predicted classes: 0 by chance, 1 at best.",
    better: "higher",
    range: [-1, 1],
    of: ({ confusion }) => matthewsCorrelation(confusion()),
  },
  nll: {
    title: "NLL",
    meaning: "Negative log-likelihood: mean of −ln p of the true class, in nats.",
    better: "lower",
    range: [0, Infinity],
    of: ({ negativeLogLikelihood }) => negativeLogLikelihood(),
  },
  brier: {
    title: "Brier",
    meaning: "Brier score: squared distance of the probabilities from the true class, summed over classes.",
    better: "lower",
    range: [0, 2],
    of: ({ brierScore }) => brierScore(),
  },
  brier_reliability: {
    title: "Reliability",
    meaning: "Part of the Brier score that miscalibration adds.",
    better: "lower",
    range: [0, 2],
    of: ({ brierParts }) => brierParts().reliability,
  },
  brier_resolution: {
    title: "Resolution",
    meaning: "Part of the Brier score that is subtracted because predictions tell examples apart.",
    better: "higher",
    range: share,
    of: ({ brierParts }) => brierParts().resolution,
  },
  brier_uncertainty: {
    title: "Uncertainty",
    meaning: "Brier score of always predicting each class's share of the examples.",
    range: share,
    of: ({ brierParts }) => brierParts().uncertainty,
  },
  brier_remainder: {
    title: "Remainder",
    meaning: "Part of the Brier score that remains because probabilities differ within a bin.",
    // At the least minus the variance of the outcomes; at the most the variance of the probabilities, plus
    // twice a covariance.
    range: [-1, 3],
    of: ({ brierParts }) => brierParts().remainder,
  },
  ece: {
    title: "ECE",
    meaning:
      "Expected calibration error: gap between the mean confidence (the probability of the chosen class) " +
      "and the accuracy in a bin, averaged over bins.",
    better: "lower",
    range: share,
    of: ({ topLabelBins }) => tallyError(topLabelBins(), "l1"),
  },
  ece_debiased: {
    title: "Debiased",
    meaning:
      "Root mean square of the gaps that the ECE averages, less what the sampling of labels alone adds.",
    better: "lower",
    range: share,
    of: ({ topLabelBins }) => tallyError(topLabelBins(), "l2-debiased"),
  },
  ece_classwise: {
    title: "Class-wise",
    meaning: "ECE of each class's probability, not of the chosen class's alone, averaged over classes.",
    better: "lower",
    range: share,
    of: ({ classwiseError }) => classwiseError(),
  },
  ace: {
    title: "ACE",
    meaning:
      "Adaptive calibration error: gap between each class's mean probability and its share, averaged over " +
      "classes and bins that hold equally many examples.",
    better: "lower",
    range: share,
    of: ({ adaptiveError }) => adaptiveError(),
  },
  smooth_ece: {
    title: "Smooth ECE",
    meaning:
      "Calibration error of the chosen class without bins: gaps are smoothed by a Gaussian as wide as the error.",
    better: "lower",
    range: share,
    of: ({ smoothError }) => smoothError(),
  },
  mce: {
    title: "MCE",
    meaning: "Maximum calibration error: the largest gap between mean confidence and accuracy in a bin.",
    better: "lower",
    range: share,
    of: ({ topLabelBins }) => tallyError(topLabelBins(), "max"),
  },
  auroc_error: {
    title: "AUROC of errors",
    meaning: "Probability that a right answer has a higher confidence than a wrong one.",
    better: "higher",
    range: share,
    of: ({ ranking }) => auroc(ranking()),
  },
  aurc: {
    title: "AURC",
    meaning:
      "Area under the risk-coverage curve: share of wrong answers among the k most confident, averaged over k.",
    better: "lower",
    range: share,
    of: ({ ranking }) => aurc(ranking()),
  },
} as const satisfies Readonly<Record<FigureName, Figure>>;

/** The names of all figures, in the order in which they are shown. */
export const figureNames: readonly FigureName[] = Object.keys(figures) as FigureName[];

/**
 * The figures that are usually measured. The others take about as long again, and say less to most readers.
 */
export const usualFigures = [
  "accuracy",
  "nll",
  "brier",
  "ece",
  "ece_debiased",
  "ece_classwise",
  "smooth_ece",
  "mce",
  "auroc_error",
  "aurc",
] as const satisfies readonly FigureName[];

/** The range of each figure. */
export const figureRanges = Object.fromEntries(
  figureNames.map((name) => [name, figures[name].range]),
) as Readonly<Record<FigureName, Range>>;

/**
 * Prepares some figures of predictions, to be measured as often as needed.
 *
 * @param binning The bins: 20 of equal width, (a, b], in float64, or as asked for. Bins of equal mass are
 * those of the whole set, whatever the weights.
 */
export function measureFigures<Name extends FigureName>(
  forecasts: Forecasts,
  names: readonly Name[],
  binning: Binning = {},
): Measurement<Figures<Name>> {
  const samples = prepareSamples(forecasts, binning);
  return (weights) => {
    const sample = samples(weights);
    return Object.fromEntries(names.map((name) => [name, figures[name].of(sample)])) as Figures<Name>;
  };
}
