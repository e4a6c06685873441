import type { Measurement } from "../resampling/measurement.ts";
import { auroc, averagePrecision, falsePositiveRate } from "./rank_curves.ts";
import { rankDescending, tallyRanks } from "./ranks.ts";
import { softmax } from "../predictions/softmax.ts";

/** Four scores of how familiar each text is to a classifier: the larger, the more familiar. All [n]. */
export interface Familiarity {
  readonly maximumProbability: Float64Array;
  readonly maximumLogit: Float64Array;
  /** The negated entropy of the probabilities, in nats. */
  readonly entropy: Float64Array;
  /** The negated energy of the logits, which is their logsumexp (Liu et al. 2020). */
  readonly energy: Float64Array;
}

/** How well a score tells texts of the training's distribution (positives) from other texts (negatives). */
export interface Detection {
  /** Area under the ROC curve: 0.5 by chance; equal scores count half. */
  readonly auroc: number;
  /** Average precision of finding texts of the distribution, by the highest scores. */
  readonly auprIn: number;
  /** Average precision of finding the other texts, by the lowest scores. */
  readonly auprOut: number;
  /** The share of other texts that are accepted where 95 % of the distribution's texts are. */
  readonly falsePositiveRate95: number;
}

/** Scores the familiarity of each text by its logits. [n × classes] */
export function familiarity(logits: Float64Array, classes: number): Familiarity {
  const probabilities = softmax(logits, classes); // [n × classes]
  const examples = logits.length / classes;
  const [maximumProbability, maximumLogit, entropy, energy] = Array.from(
    { length: 4 },
    () => new Float64Array(examples),
  );
  for (let i = 0; i < examples; i++) {
    let top = i * classes;
    for (let at = top + 1; at < (i + 1) * classes; at++) if (logits[at] > logits[top]) top = at;
    maximumProbability[i] = probabilities[top];
    maximumLogit[i] = logits[top];
    energy[i] = logits[top] - Math.log(probabilities[top]);
    for (let at = i * classes; at < (i + 1) * classes; at++) {
      if (probabilities[at] > 0) entropy[i] += probabilities[at] * Math.log(probabilities[at]);
    }
  }
  return { maximumProbability, maximumLogit, entropy, energy };
}

/**
 * Prepares the figures of how well a score tells texts of the distribution from others; they are NaN where
 * there are none of either kind.
 *
 * @param inside The scores of texts of the distribution. [n]
 * @param outside The scores of other texts. [m]
 * @returns the measurement; its weights are those of `inside`, followed by those of `outside`. [n + m]
 */
export function detection(inside: Float64Array, outside: Float64Array): Measurement<Detection> {
  const scores = new Float64Array(inside.length + outside.length);
  scores.set(inside);
  scores.set(outside, inside.length);
  const ranks = rankDescending(scores);
  const isInside = new Uint8Array(scores.length).fill(1, 0, inside.length);
  return (weights) => {
    const tally = tallyRanks(ranks, isInside, weights);
    const outsideFirst = {
      positives: tally.negatives.toReversed(),
      negatives: tally.positives.toReversed(),
    };
    return {
      auroc: auroc(tally),
      auprIn: averagePrecision(tally),
      auprOut: averagePrecision(outsideFirst),
      falsePositiveRate95: falsePositiveRate(tally),
    };
  };
}
