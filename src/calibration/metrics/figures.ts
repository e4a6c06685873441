import { assignBins, type Binning, tallyBins } from "./bins.ts";
import { classColumn, classOutcomes, tallyError } from "./calibration_error.ts";
import type { Forecasts } from "../predictions/forecasts.ts";
import { type Measurement, weightedMean, type Weights } from "../resampling/measurement.ts";
import { aurc, auroc } from "./rank_curves.ts";
import { rankDescending, tallyRanks } from "./ranks.ts";
import { automaticError, sumOnGrids } from "./smooth_ece.ts";
import { gridPlaces } from "./smoothing.ts";
import { topLabel } from "./top_label.ts";

/** The figures that every set of predictions gets, with the range of each. */
export const metricRanges = {
  /** Share of examples whose most probable class is the true one. */
  accuracy: [0, 1],
  /** Negative log-likelihood, in nats. */
  nll: [0, Infinity],
  /** Brier score, summed over classes. */
  brier: [0, 2],
  /** Expected calibration error of the top label, l1. */
  ece: [0, 1],
  /** Of the top label, l2, less what sampling alone adds. */
  ece_debiased: [0, 1],
  /** Of every class, l1, averaged: the paper's form. */
  ece_classwise: [0, 1],
  /** Of the top label, without bins and with automatic bandwidth. */
  smooth_ece: [0, 1],
  /** Maximum calibration error: the largest gap of a bin of the top label. */
  mce: [0, 1],
  /** How well confidence tells right from wrong answers; NaN where there are none of either. */
  auroc_error: [0, 1],
  /** Mean of selective risks, by confidence. */
  aurc: [0, 1],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

/** The name of a default metric, as it is in JSON. */
export type MetricName = keyof typeof metricRanges;

/** The default metrics of a set of predictions. */
export type Metrics = Readonly<Record<MetricName, number>>;

/**
 * Prepares predictions to be measured as often as needed. Bins are 20 of equal width, (a, b], in float64, or
 * as asked for; those of equal mass are the whole set's, whatever the weights.
 */
export function defaultMetrics(forecasts: Forecasts, binning: Binning = {}): Measurement<Metrics> {
  const { probabilities, labels, classes, losses } = forecasts;
  const { confidences, correct } = topLabel(probabilities, labels, classes);
  const hits = Float64Array.from(correct);
  const briers = brierScores(forecasts);
  const bins = assignBins(confidences, binning);
  const classwiseError = prepareClasswiseError(forecasts, binning);
  const ranks = rankDescending(confidences);
  const places = gridPlaces(confidences);
  // Resamples have about the same bandwidth as the whole.
  const { bandwidth } = automaticError(sumOnGrids(places, confidences, correct));
  return (weights) => {
    const tally = tallyBins(bins, correct, weights);
    const ranking = tallyRanks(ranks, correct, weights);
    return {
      accuracy: weightedMean(hits, weights),
      nll: weightedMean(losses, weights),
      brier: weightedMean(briers, weights),
      ece: tallyError(tally, "l1"),
      ece_debiased: tallyError(tally, "l2-debiased"),
      ece_classwise: classwiseError(weights),
      smooth_ece: automaticError(sumOnGrids(places, confidences, correct, weights), bandwidth).value,
      mce: tallyError(tally, "max"),
      auroc_error: auroc(ranking),
      aurc: aurc(ranking),
    };
  };
}

/** Each example's own score. [n] */
function brierScores({ probabilities, labels, classes }: Forecasts): Float64Array {
  const scores = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    for (let c = 0; c < classes; c++) {
      scores[i] += (probabilities[i * classes + c] - (labels[i] === c ? 1 : 0)) ** 2;
    }
  }
  return scores;
}

/** A bin's gap times its count is the sum of its examples' gaps: for l1 nothing else has to be counted. */
function prepareClasswiseError(
  { probabilities, labels, classes }: Forecasts,
  binning: Binning,
): Measurement<number> {
  const ofClasses = Array.from({ length: classes }, (_, c) => {
    const { edges, values, bin } = assignBins(classColumn(probabilities, c, classes), binning);
    const outcomes = classOutcomes(labels, c);
    return { bins: edges.length - 1, bin, gaps: values.map((value, i) => value - outcomes[i]) };
  });
  return (weights) => {
    let error = 0;
    for (const { bins, bin, gaps } of ofClasses) error += sumOfGaps(bins, bin, gaps, weights);
    return error / totalWeight(labels.length, weights) / classes;
  };
}

function totalWeight(examples: number, weights?: Weights): number {
  if (!weights) return examples;
  let total = 0;
  for (let i = 0; i < examples; i++) total += weights[i];
  return total;
}

function sumOfGaps(bins: number, bin: Int32Array, gaps: Float64Array, weights?: Weights): number {
  const sums = new Float64Array(bins);
  for (let i = 0; i < bin.length; i++) sums[bin[i]] += (weights ? weights[i] : 1) * gaps[i];
  return sums.reduce((total, one) => total + Math.abs(one), 0);
}
