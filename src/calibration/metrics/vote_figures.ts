import { assignBins, type Binning, tallyBins } from "./bins.ts";
import { classColumn, tallyError } from "./calibration_error.ts";
import { type Measurement, weightedMean } from "../resampling/measurement.ts";

/** How a prediction compares with what several people said of each text; means over the texts. */
export interface VoteFigures {
  /** −Σ q ln p, in nats, where q is the people's distribution and p the predicted one. */
  readonly crossEntropy: number;
  /** Cross-entropy less the entropy of the people's own distribution: 0 where both agree. In nats. */
  readonly kullbackLeibler: number;
  /** Half of Σ |p − q|: from 0 to 1. */
  readonly totalVariation: number;
  /** By bins of each class's probability: mean probability against mean share of votes, l1, averaged over classes. */
  readonly calibrationError: number;
}

/** The distribution over two classes, from the share of people who chose class 1. [n] → [n × 2] */
export function binaryVotes(shares: Float64Array): Float64Array {
  const distribution = new Float64Array(2 * shares.length);
  for (let i = 0; i < shares.length; i++) {
    distribution[2 * i] = 1 - shares[i];
    distribution[2 * i + 1] = shares[i];
  }
  return distribution;
}

/**
 * Measures predictions against people's votes.
 *
 * @param logProbabilities Natural logarithms of the predicted probabilities. [n × classes]
 * @param votes The share of people who chose each class. [n × classes]
 */
export function voteFigures(
  logProbabilities: Float64Array,
  votes: Float64Array,
  classes: number,
  binning: Binning = {},
): Measurement<VoteFigures> {
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
      crossEntropy,
      kullbackLeibler: crossEntropy - weightedMean(entropies, weights),
      totalVariation: weightedMean(distances, weights),
      calibrationError: errors.reduce((total, error) => total + error, 0) / classes,
    };
  };
}

/** Cross-entropy, the votes' own entropy and total variation of each example. */
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
