import { compareAll } from "../calibration/resampling/comparison.ts";
import { meanLogits } from "../calibration/predictions/ensemble.ts";
import { type BootstrapOptions, type Interval, quantile } from "../calibration/resampling/interval.ts";
import { mean } from "../statistics.ts";
import type { Predictions } from "../calibration/predictions/classified.ts";
import { softmax } from "../calibration/predictions/softmax.ts";
import { type TopLabel, topLabel } from "../calibration/metrics/top_label.ts";
import {
  type EnergyFigure,
  type EnergyPredictions,
  energyRanges,
  measureEnergies,
} from "./energy_figures.ts";
import { type EnergyShape, energyShape } from "./energy_shape.ts";

/** One training's predictions and energies. */
export interface EnergyTraining {
  readonly labelled: EnergyPredictions;
  /** The energies of noise texts. [m] */
  readonly noise: Float64Array;
}

/** The energies of a variant, averaged over its trainings. */
export interface AnalysedEnergies extends EnergyShape {
  readonly figures: Readonly<Record<EnergyFigure, Interval>>;
  readonly spread: Readonly<Record<"data" | "noise", Spread>>;
  /** The texts with the lowest energies, ascending. */
  readonly lowest: readonly PlacedEnergy[];
  /** The texts with the highest energies, descending. */
  readonly highest: readonly PlacedEnergy[];
}

/** Quantiles of energies, averaged over trainings. */
export interface Spread {
  readonly low: number; // 5 %
  readonly median: number;
  readonly high: number; // 95 %
}

/** The row of a labelled text, with the text's energy averaged over trainings. */
export interface PlacedEnergy {
  readonly row: number;
  readonly energy: number;
}

/**
 * Analyses the energies of several variants, all for the same texts. The intervals are paired over texts and
 * trainings, and a text is resampled together with the noise that was made of it.
 *
 * @param variants Each variant's trainings, the same number for all.
 * @param sources The row of the labelled text that each noise text was made of. [m]
 * @param options `texts` is how many texts with the lowest and with the highest energy are returned.
 */
export function analyseEnergies(
  variants: readonly (readonly EnergyTraining[])[],
  sources: Int32Array,
  { texts, ...options }: BootstrapOptions & { readonly texts: number },
): AnalysedEnergies[] {
  const [[{ labelled }]] = variants;
  const contestants = variants.map((trainings) => ({
    runs: trainings.map((training) => measureEnergies(training.labelled, training.noise, sources)),
  }));
  const standings = compareAll(contestants, [labelled.labels.length], { ...options, ranges: energyRanges });
  return variants.map((trainings, at) => {
    const energies = trainings.map((training) => training.labelled.energies);
    return {
      figures: standings[at].figures,
      spread: { data: meanSpread(energies), noise: meanSpread(trainings.map((training) => training.noise)) },
      ...energyShape(trainings),
      ...extremes(meanOver(energies), texts),
    };
  });
}

/** Predicts each text's class by the mean of the probabilities that the trainings of one variant give it. */
export function jointVerdicts(trainings: readonly Predictions[]): TopLabel {
  const [{ labels, classes }] = trainings;
  const joint = meanLogits(trainings.map(({ logits }) => logits), classes);
  return topLabel(softmax(joint, classes), labels, classes);
}

function meanSpread(trainings: readonly Float64Array[]): Spread {
  const sorted = trainings.map((energies) => energies.toSorted());
  const meanQuantile = (share: number) => mean(sorted.map((energies) => quantile(energies, share)));
  return { low: meanQuantile(0.05), median: meanQuantile(0.5), high: meanQuantile(0.95) };
}

/** Averages each value over trainings. */
function meanOver(trainings: readonly Float64Array[]): Float64Array {
  const [first] = trainings;
  return first.map((_, at) => mean(trainings.map((values) => values[at])));
}

function extremes(energies: Float64Array, count: number): Pick<AnalysedEnergies, "lowest" | "highest"> {
  const ascending = Array.from(energies, (energy, row): PlacedEnergy => ({ row, energy }))
    .sort((a, b) => a.energy - b.energy || a.row - b.row);
  return { lowest: ascending.slice(0, count), highest: ascending.slice(-count).reverse() };
}
