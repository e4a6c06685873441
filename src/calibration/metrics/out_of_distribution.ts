import type { Measurement } from "../resampling/measurement.ts";
import { auroc, averagePrecision, falsePositiveRate } from "./rank_curves.ts";
import { rankDescending, tallyRanks } from "./ranks.ts";
import { softmax } from "../predictions/softmax.ts";

/** How familiar a classifier finds each text, in four ways; the larger, the more familiar. All [n]. */
export interface Familiarity {
  readonly maximumProbability: Float64Array;
  readonly maximumLogit: Float64Array;
  /** Minus the entropy of the probabilities, in nats. */
  readonly entropy: Float64Array;
  /** Minus the energy of the logits: their logsumexp (Liu et al. 2020). */
  readonly energy: Float64Array;
}

/** How well scores tell texts of the training's distribution (positives) from others (negatives). */
export interface Detection {
  /** 0.5 by chance; equal scores count half. */
  readonly auroc: number;
  /** Average precision where texts of the distribution are sought. */
  readonly auprIn: number;
  /** Average precision where the others are sought, by the lowest scores. */
  readonly auprOut: number;
  /** The share of others that is accepted with 95 % of the distribution's texts. */
  readonly falsePositiveRate95: number;
}

/** The four scores of each text. [n × classes] */
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
 * How well a score tells texts of the distribution from others; NaN where there are none of either.
 *
 * @returns the measurement; its weights are those of `inside`, followed by those of `outside`.
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
