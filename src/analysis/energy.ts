import { compareAll } from "../calibration/resampling/comparison.ts";
import { meanLogits } from "../calibration/predictions/ensemble.ts";
import { type BootstrapOptions, type Interval, quantile } from "../calibration/resampling/interval.ts";
import { mean } from "../calibration/resampling/mean.ts";
import type { Predictions } from "../calibration/predictions/classified.ts";
import { softmax } from "../calibration/predictions/softmax.ts";
import { type TopLabel, topLabel } from "../calibration/metrics/top_label.ts";
import {
  type EnergyFigure,
  type EnergyPredictions,
  energyRanges,
  measureEnergies,
} from "./energy_figures.ts";

/** What one training says. */
export interface EnergyTraining {
  readonly labelled: EnergyPredictions;
  /** Its energies of noise texts. [m] */
  readonly noise: Float64Array;
}

/** The energies of a variant, over its trainings. */
export interface AnalysedEnergies {
  readonly figures: Readonly<Record<EnergyFigure, Interval>>;
  readonly spread: Readonly<Record<"data" | "noise", Spread>>;
  /** The lowest first. */
  readonly lowest: readonly PlacedEnergy[];
  /** The highest first. */
  readonly highest: readonly PlacedEnergy[];
}

/** Quantiles, means over trainings. */
export interface Spread {
  readonly low: number; // 5 %
  readonly median: number;
  readonly high: number; // 95 %
}

/** A labelled text by its row, with its mean energy over trainings. */
export interface PlacedEnergy {
  readonly row: number;
  readonly energy: number;
}

/**
 * Analyses the energies of several variants, all of the same texts, with intervals paired over texts and trainings: a text is
 * resampled together with the noise that was made of it.
 *
 * @param variants The trainings of each, as many of one as of another.
 * @param sources The labelled text, by its row, that each noise text was made of. [m]
 * @param options `texts`: how many of the lowest and of the highest energy are told.
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
      ...extremes(meanOver(energies), texts),
    };
  });
}

/** What the trainings of one variant say together: the likeliest class of each text by the mean of their probabilities. */
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

/** Of each value the mean over trainings. */
function meanOver(trainings: readonly Float64Array[]): Float64Array {
  const [first] = trainings;
  return first.map((_, at) => mean(trainings.map((values) => values[at])));
}

function extremes(energies: Float64Array, count: number): Pick<AnalysedEnergies, "lowest" | "highest"> {
  const ascending = Array.from(energies, (energy, row): PlacedEnergy => ({ row, energy }))
    .sort((a, b) => a.energy - b.energy || a.row - b.row);
  return { lowest: ascending.slice(0, count), highest: ascending.slice(-count).reverse() };
}
