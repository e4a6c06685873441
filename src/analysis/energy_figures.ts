import type { Figures } from "../calibration/resampling/interval.ts";
import type { Measurement, Weights } from "../calibration/resampling/measurement.ts";
import { detection, familiarity } from "../calibration/metrics/out_of_distribution.ts";
import type { Predictions } from "../calibration/predictions/classified.ts";
import { rankDescending } from "../calibration/metrics/ranks.ts";
import { topLabel } from "../calibration/metrics/top_label.ts";
import { pearson, spearman } from "./correlation.ts";

/** The predictions of a classifier with an energy for labelled texts. */
export interface EnergyPredictions extends Predictions {
  /** [n] */
  readonly energies: Float64Array;
}

/** The values with which an energy may be correlated. */
const companions = ["confidence", "entropy", "correctness"] as const;

type Companion = typeof companions[number];

/** The name of a figure of one training's energies. */
export type EnergyFigure = "noise_auroc" | `pearson_${Companion}` | `spearman_${Companion}`;

/** The smallest and the largest value that each figure can have. */
export const energyRanges = {
  noise_auroc: [0, 1],
  pearson_confidence: [-1, 1],
  pearson_entropy: [-1, 1],
  pearson_correctness: [-1, 1],
  spearman_confidence: [-1, 1],
  spearman_entropy: [-1, 1],
  spearman_correctness: [-1, 1],
} as const satisfies Record<EnergyFigure, readonly [number, number]>;

/**
 * Prepares the figures of energies: how well the energies of labelled texts are told from those of noise,
 * which ought to be higher, and how they are correlated with the classifier's confidence, its entropy and
 * whether it is right.
 *
 * @param labelled Predictions of n labelled texts.
 * @param noise The energies of noise texts. [m]
 * @param sources The row of the labelled text that each noise text was made of. [m]
 * @returns the measurement; its weights are those of the labelled texts, and a noise text has the weight of
 * its source. [n]
 */
export function measureEnergies(
  labelled: EnergyPredictions,
  noise: Float64Array,
  sources: Int32Array,
): Measurement<Figures<EnergyFigure>> {
  const { energies, logits, labels, classes } = labelled;
  const { maximumProbability, entropy } = familiarity(logits, classes);
  const values: Readonly<Record<Companion, Float64Array>> = {
    confidence: maximumProbability,
    entropy: entropy.map((negative) => -negative),
    correctness: Float64Array.from(topLabel(logits, labels, classes).correct),
  };
  const ranks = rankDescending(energies);
  const others = companions.map((name) => ({
    name,
    values: values[name],
    ranks: rankDescending(values[name]),
  }));
  const toldApart = detection(energies.map((energy) => -energy), noise.map((energy) => -energy));
  return (weights) => {
    const correlations = others.flatMap(({ name, values, ranks: other }) => [
      [`pearson_${name}`, pearson(energies, values, weights)],
      [`spearman_${name}`, spearman(ranks, other, weights)],
    ]);
    return {
      noise_auroc: toldApart(weights && withSources(weights, sources)).auroc,
      ...Object.fromEntries(correlations),
    };
  };
}

/** Returns the weights of the labelled texts, followed by those of the noise. [n] → [n + m] */
function withSources(weights: Weights, sources: Int32Array): Weights {
  const all = new Int32Array(weights.length + sources.length);
  all.set(weights);
  all.set(sources.map((row) => weights[row]), weights.length);
  return all;
}
