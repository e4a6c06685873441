import type { Binning } from "./metrics/bins.ts";
import { bootstrap } from "./resampling/bootstrap.ts";
import { binaryVotes, voteFigures } from "./metrics/vote_figures.ts";
import type { Interval } from "./resampling/interval.ts";
import type { Measurement } from "./resampling/measurement.ts";
import type { PredictionFile } from "./predictions/file.ts";
import type { MeasuringOptions } from "./measure.ts";
import { logSoftmax } from "./predictions/softmax.ts";

/** The figures of people's votes, as they are named in JSON. */
export type VoteFigureName = "votes_cross_entropy" | "votes_kl" | "votes_total_variation" | "votes_ece";

/** How predictions compare with people's votes; nothing where a file has none, or other than two classes. */
export function predictionVoteFigures(
  { votes, form, values, classes }: PredictionFile,
  { binning, seed, resamples }: MeasuringOptions,
): Readonly<Partial<Record<VoteFigureName, Interval | number>>> {
  if (!votes || classes !== 2) return {};
  const logProbabilities = form === "logits" ? logSoftmax(values, classes) : values.map(Math.log);
  const measure = measureVotes(logProbabilities, votes, binning);
  return resamples === undefined ? measure() : bootstrap(measure, [votes.length], { seed, resamples });
}

/**
 * The figures of votes on two classes, by their names in JSON.
 *
 * @param logProbabilities Natural logarithms of the predicted probabilities. [n × 2]
 * @param votes The share of people who chose class 1. [n]
 */
export function measureVotes(
  logProbabilities: Float64Array,
  votes: Float64Array,
  binning: Binning = {},
): Measurement<Readonly<Record<VoteFigureName, number>>> {
  const measure = voteFigures(logProbabilities, binaryVotes(votes), 2, binning);
  return (weights) => {
    const { crossEntropy, kullbackLeibler, totalVariation, calibrationError } = measure(weights);
    return {
      votes_cross_entropy: crossEntropy,
      votes_kl: kullbackLeibler,
      votes_total_variation: totalVariation,
      votes_ece: calibrationError,
    };
  };
}
