import { applyTemperature } from "../calibration/calibrators/temperature.ts";
import { rankDescending, tallyRanks } from "../calibration/metrics/ranks.ts";
import { reliabilityCurve, type ReliabilityPoint } from "../calibration/metrics/reliability.ts";
import { type RiskAtCoverage, riskCoverage } from "../calibration/metrics/risk_coverage.ts";
import { type TopLabel, topLabel } from "../calibration/metrics/top_label.ts";
import type { Predictions } from "../calibration/predictions/classified.ts";
import type { LabelledLogits } from "../calibration/predictions/forecasts.ts";
import { softmax } from "../calibration/predictions/softmax.ts";
import type { Evaluation } from "./evaluation.ts";
import { type VoteBin, voteBins } from "./vote_bins.ts";

/** A bar of a histogram that counts two kinds of values. */
export interface PairedBin {
  readonly lower: number;
  readonly upper: number;
  readonly first: number;
  readonly second: number;
}

/** How often answers of each confidence are right, as trained and after the temperature. */
export type ReliabilityCurves = Readonly<Record<"uncalibrated" | "calibrated", readonly ReliabilityPoint[]>>;

/** What the predictions of one training look like, without a calibrator unless they say otherwise: for charts. */
export interface Distributions {
  readonly variant: string;
  readonly seed: number;
  readonly reliabilityCurves: ReliabilityCurves;
  /** The error among the most confident answers. */
  readonly riskCoverage: readonly RiskAtCoverage[];
  /** The confidences of right answers (first) and of wrong ones (second). */
  readonly confidences: readonly PairedBin[];
  /** The energies of texts of the data (first) and of noise (second), where there are some. */
  readonly energies?: readonly PairedBin[];
  /** The energy below which a text counts as real, where there are energies. */
  readonly energyCut?: number;
  /** How many people agree with the classifier, by its confidence, where several judged each text. */
  readonly votes?: readonly VoteBin[];
}

/** How many points a curve has, and how many bars a histogram. */
const [points, bars] = [50, 30];

/** Counts up the predictions of one training on dev2, and its energies beside those of noise. */
export function distributionsOf(
  { variant, seed, temperature, energy }: Pick<Evaluation, "variant" | "seed" | "temperature" | "energy">,
  dev2: Predictions,
  noiseEnergies: Float64Array | undefined,
): Distributions {
  const { energies } = dev2;
  const votes = voteBins(dev2);
  const top = topLabelOf(dev2);
  const { confidences, correct } = top;
  const having = (answer: number) => confidences.filter((_, row) => correct[row] === answer);
  return {
    variant,
    seed,
    reliabilityCurves: {
      uncalibrated: reliabilityCurve(top),
      calibrated: reliabilityCurve(topLabelOf(applyTemperature(dev2, temperature.value))),
    },
    riskCoverage: riskCoverage(tallyRanks(rankDescending(confidences), correct), points),
    confidences: pairedHistogram(having(1), having(0), [1 / dev2.classes, 1]),
    ...(energies && noiseEnergies
      ? { energies: pairedHistogram(energies, noiseEnergies, rangeOf([...energies, ...noiseEnergies])) }
      : {}),
    ...(energy ? { energyCut: energy.cut } : {}),
    ...(votes ? { votes } : {}),
  };
}

function topLabelOf({ logits, labels, classes }: LabelledLogits): TopLabel {
  return topLabel(softmax(logits, classes), labels, classes);
}

/** Counts two kinds of values in the same bars of equal width. */
export function pairedHistogram(
  first: Float64Array,
  second: Float64Array,
  [lowest, highest]: readonly [number, number],
): PairedBin[] {
  const width = (highest - lowest) / bars;
  // Rounding may put a value a little outside, and without any width the first bar has all values.
  const barOf = (value: number) => Math.min(bars - 1, Math.max(0, Math.floor((value - lowest) / width) || 0));
  const counted = (values: Float64Array) => {
    const counts = new Array<number>(bars).fill(0);
    for (const value of values) counts[barOf(value)]++;
    return counts;
  };
  const [ofFirst, ofSecond] = [counted(first), counted(second)];
  return ofFirst.map((count, bar) => ({
    lower: lowest + bar * width,
    upper: lowest + (bar + 1) * width,
    first: count,
    second: ofSecond[bar],
  }));
}

function rangeOf(values: readonly number[]): [number, number] {
  return [
    values.reduce((least, value) => Math.min(least, value), Infinity),
    values.reduce((most, value) => Math.max(most, value), -Infinity),
  ];
}
