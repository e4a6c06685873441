import { bootstrap } from "./bootstrap.ts";
import { binaryVotes, type VoteFigures, voteFigures } from "./human_votes.ts";
import type { Interval } from "./interval.ts";
import type { Weights } from "./measurement.ts";
import type { PredictionFile } from "./prediction_file.ts";
import type { MeasuringOptions } from "./prediction_figures.ts";
import { logSoftmax } from "./softmax.ts";

/** The figures of people's votes, as they are named in JSON. */
export type VoteFigureName = "votes_cross_entropy" | "votes_kl" | "votes_total_variation" | "votes_ece";

/** How predictions compare with people's votes; nothing where a file has none, or other than two classes. */
export function predictionVoteFigures(
  { votes, form, values, classes }: PredictionFile,
  { binning, seed, resamples }: MeasuringOptions,
): Readonly<Partial<Record<VoteFigureName, Interval | number>>> {
  if (!votes || classes !== 2) return {};
  const logProbabilities = form === "logits" ? logSoftmax(values, classes) : values.map(Math.log);
  const measure = voteFigures(logProbabilities, binaryVotes(votes), classes, binning);
  const named = (weights?: Weights) => inJson(measure(weights));
  return resamples === undefined ? named() : bootstrap(named, [votes.length], { seed, resamples });
}

function inJson(figures: VoteFigures): Readonly<Record<VoteFigureName, number>> {
  return {
    votes_cross_entropy: figures.crossEntropy,
    votes_kl: figures.kullbackLeibler,
    votes_total_variation: figures.totalVariation,
    votes_ece: figures.calibrationError,
  };
}
