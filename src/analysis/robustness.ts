import { bootstrap } from "../calibration/resampling/bootstrap.ts";
import { compareAll } from "../calibration/resampling/comparison.ts";
import { forecastsFromLogits, type LabelledLogits } from "../calibration/predictions/forecasts.ts";
import type { Figures, Interval, Range } from "../calibration/resampling/interval.ts";
import type { Measurement } from "../calibration/resampling/measurement.ts";
import {
  type Detection,
  detection,
  type Familiarity,
  familiarity,
} from "../calibration/metrics/out_of_distribution.ts";
import { measureWithFloor } from "../calibration/measure.ts";
import type { UnlabelledPredictions } from "../calibration/predictions/classified.ts";
import { applyTemperature, type Temperature } from "../calibration/calibrators/temperature.ts";

const measuredFigures = ["accuracy", "nll", "brier", "ece"] as const;

/**
 * Figures with bootstrap intervals; 95 % of perfectly calibrated classifiers have an ECE within that of the
 * floor.
 */
export type SetFigures = Readonly<Record<typeof measuredFigures[number] | "ece_floor", Interval>>;

/**
 * The figures of a classifier on a set of labelled texts, before and after scaling by the temperature of
 * dev1.
 */
export interface MeasuredSet {
  readonly examples: number;
  readonly uncalibrated: SetFigures;
  readonly calibrated: SetFigures;
}

/**
 * The name of a score by which texts are told apart; `trainedEnergy` is there only where the classifier has
 * an energy.
 */
type ScoreName = keyof Familiarity | "trainedEnergy";

/** How well each score tells dev2 from other texts. */
export type DetectionScores = Readonly<
  Partial<Record<ScoreName, Readonly<Record<keyof Detection, Interval>>>>
>;

/** A set of other texts, and how well dev2 is told from it. */
export interface DetectedSet {
  readonly examples: number;
  readonly scores: DetectionScores;
}

/** All figures of one training; the stage `robustness` writes them as robustness.json. */
export interface Robustness {
  readonly variant: string;
  /** The seed of the training. */
  readonly seed: number;
  readonly temperature: Temperature;
  /** The labelled sets by name: `dev2`, `replaced-0.1`, `amazon`, … */
  readonly sets: Readonly<Record<string, MeasuredSet>>;
  /** The sets that dev2 is told from, by name: `amazon`, …, `out-of-scope`. */
  readonly detection: Readonly<Record<string, DetectedSet>>;
}

/** The part of predictions that scores are computed from. */
type Scored = Pick<UnlabelledPredictions, "logits" | "classes" | "energies">;

/** How intervals are resampled. */
export interface ResamplingOptions {
  readonly seed: number;
  readonly resamples: number;
}

/** Measures predictions of one set of texts, before and after scaling by a temperature. */
export function measureSet(
  predictions: LabelledLogits,
  temperature: number,
  options: ResamplingOptions,
): MeasuredSet {
  const measure = (labelled: LabelledLogits): SetFigures => {
    const forecasts = forecastsFromLogits(labelled);
    return measureWithFloor(forecasts, measuredFigures, { binning: {}, ...options }) as SetFigures;
  };
  return {
    examples: predictions.labels.length,
    uncalibrated: measure(predictions),
    calibrated: measure(applyTemperature(predictions, temperature)),
  };
}

/**
 * Measures how well each score tells texts of the distribution from others. Both sets are resampled on their
 * own.
 */
export function measureDetection(
  inside: Scored,
  outside: Scored,
  options: ResamplingOptions,
): DetectedSet {
  const sizes = sizesOf({ inside, outside });
  const measured = bootstrap(measureScores({ inside, outside }), sizes, { ...options, ranges });
  return { examples: sizes[1], scores: byScore(measured) };
}

/** One training's predictions of the two sets of texts that are to be told apart. */
export interface ToldApart {
  readonly inside: Scored;
  readonly outside: Scored;
}

/**
 * Measures the same for several variants with equally many trainings, by a bootstrap that is paired over
 * texts and trainings.
 */
export function compareDetection(
  variants: readonly (readonly ToldApart[])[],
  options: ResamplingOptions,
): DetectionScores[] {
  const contestants = variants.map((trainings) => ({ runs: trainings.map(measureScores) }));
  return compareAll(contestants, sizesOf(variants[0][0]), { ...options, ranges })
    .map(({ figures }) => byScore(figures));
}

type DetectionFigure = `${ScoreName}/${keyof Detection}`;

const scoreNames = ["maximumProbability", "maximumLogit", "entropy", "energy", "trainedEnergy"] as const;
const detectionNames = ["auroc", "auprIn", "auprOut", "falsePositiveRate95"] as const;

const share: Range = [0, 1];
const ranges: Partial<Record<DetectionFigure, Range>> = Object.fromEntries(
  scoreNames.flatMap((score) => detectionNames.map((name) => [`${score}/${name}`, share])),
);

/** Prepares the figures of all scores together, so that they share their resamples. */
function measureScores({ inside, outside }: ToldApart): Measurement<Figures<DetectionFigure>> {
  const [ours, theirs] = [scoresOf(inside), scoresOf(outside)];
  const measurements = scoreNames.flatMap((score) => {
    const [known, unknown] = [ours[score], theirs[score]];
    return known && unknown ? [{ score, measure: detection(known, unknown) }] : [];
  });
  return (weights) =>
    Object.fromEntries(measurements.flatMap(({ score, measure }) => {
      const found = measure(weights);
      return detectionNames.map((name) => [`${score}/${name}`, found[name]]);
    })) as Figures<DetectionFigure>;
}

function byScore(figures: Readonly<Record<string, Interval>>): DetectionScores {
  const present = scoreNames.filter((score) => `${score}/auroc` in figures);
  return Object.fromEntries(present.map((score) => [
    score,
    Object.fromEntries(detectionNames.map((name) => [name, figures[`${score}/${name}`]])),
  ]));
}

function sizesOf({ inside, outside }: ToldApart): [number, number] {
  return [inside.logits.length / inside.classes, outside.logits.length / outside.classes];
}

/** Scores the familiarity of texts. A trained energy is negated, because it is low for familiar texts. */
function scoresOf({ logits, classes, energies }: Scored): Partial<Record<ScoreName, Float64Array>> {
  const trainedEnergy = energies?.map((energy) => -energy);
  return { ...familiarity(logits, classes), ...(trainedEnergy ? { trainedEnergy } : {}) };
}
