import { mean, weightedMean } from "../../statistics.ts";
import type { Figures } from "../resampling/interval.ts";
import type { Measurement } from "../resampling/measurement.ts";
import { assignBins, type Binning, tallyBins } from "./bins.ts";
import { classColumn, tallyError } from "./calibration_error.ts";
import type { FigureDefinition } from "./definition.ts";

/**
 * All figures that compare predictions with the votes of several people, by the names that they have in JSON.
 */
export const voteFigures = {
  votes_cross_entropy: {
    title: "Cross-entropy",
    meaning: "Cross-entropy of the probabilities with the distribution of votes, in nats.",
    better: "lower",
  },
  votes_kl: {
    title: "KL divergence",
    meaning:
      "KL divergence of the probabilities from the votes, in nats: the cross-entropy less the entropy of the votes.",
    better: "lower",
  },
  votes_total_variation: {
    title: "Total variation",
    meaning: "Half of Σ |p − q| over classes, where p is the probability and q the share of votes.",
    better: "lower",
  },
  votes_ece: {
    title: "ECE against votes",
    meaning:
      "Gap between each class's mean probability in a bin and its mean share of votes, averaged over bins and classes.",
    better: "lower",
  },
} as const satisfies Readonly<Record<string, FigureDefinition>>;

/** The name of a figure of votes, as it is in JSON. */
export type VoteFigureName = keyof typeof voteFigures;

/**
 * Prepares predictions to be measured against people's votes. All figures are means over the texts.
 *
 * @param logProbabilities Natural logarithms of the predicted probabilities. [n × classes]
 * @param votes The share of people who chose each class. [n × classes]
 */
export function measureVotes(
  logProbabilities: Float64Array,
  votes: Float64Array,
  classes: number,
  binning: Binning = {},
): Measurement<Figures<VoteFigureName>> {
  const probabilities = logProbabilities.map(Math.exp); // [n × classes]
  const { crossEntropies, entropies, distances } = eachExample(
    logProbabilities,
    probabilities,
    votes,
    classes,
  );
  const ofClasses = Array.from({ length: classes }, (_, c) => ({
    assignment: assignBins(classColumn(probabilities, c, classes), binning),
    shares: classColumn(votes, c, classes),
  }));
  return (weights) => {
    const crossEntropy = weightedMean(crossEntropies, weights);
    const errors = ofClasses.map(({ assignment, shares }) =>
      tallyError(tallyBins(assignment, shares, weights), "l1")
    );
    return {
      votes_cross_entropy: crossEntropy,
      votes_kl: crossEntropy - weightedMean(entropies, weights),
      votes_total_variation: weightedMean(distances, weights),
      votes_ece: mean(errors),
    };
  };
}

/** Returns each example's cross-entropy, the entropy of its votes, and its total variation. */
function eachExample(
  logProbabilities: Float64Array,
  probabilities: Float64Array,
  votes: Float64Array,
  classes: number,
): Readonly<Record<"crossEntropies" | "entropies" | "distances", Float64Array>> {
  const examples = votes.length / classes;
  const crossEntropies = new Float64Array(examples);
  const entropies = new Float64Array(examples);
  const distances = new Float64Array(examples);
  for (let at = 0; at < votes.length; at++) {
    const i = Math.floor(at / classes);
    distances[i] += Math.abs(probabilities[at] - votes[at]) / 2;
    if (votes[at] === 0) continue; // q ln p is 0 there, even where ln p is −∞
    crossEntropies[i] -= votes[at] * logProbabilities[at];
    entropies[i] -= votes[at] * Math.log(votes[at]);
  }
  return { crossEntropies, entropies, distances };
}
