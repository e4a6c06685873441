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

/** With bootstrap intervals; that of the floor holds 95 % of perfectly calibrated classifiers. */
export type SetFigures = Readonly<Record<typeof measuredFigures[number] | "ece_floor", Interval>>;

/** How a classifier does on labelled texts, before and after the temperature of dev1. */
export interface MeasuredSet {
  readonly examples: number;
  readonly uncalibrated: SetFigures;
  readonly calibrated: SetFigures;
}

/** By what texts are told apart; `trainedEnergy` where the classifier has an energy. */
type ScoreName = keyof Familiarity | "trainedEnergy";

/** How well each score tells dev2 from texts of elsewhere. */
export type DetectionScores = Readonly<
  Partial<Record<ScoreName, Readonly<Record<keyof Detection, Interval>>>>
>;

export interface DetectedSet {
  readonly examples: number;
  readonly scores: DetectionScores;
}

/** What the stage `robustness` writes as robustness.json. */
export interface Robustness {
  readonly variant: string;
  /** The training's. */
  readonly seed: number;
  readonly temperature: Temperature;
  /** By name: `dev2`, `replaced-0.1`, `amazon`, … */
  readonly sets: Readonly<Record<string, MeasuredSet>>;
  /** By name: `amazon`, …, `out-of-scope`. */
  readonly detection: Readonly<Record<string, DetectedSet>>;
}

/** What a classifier said of texts, labelled or not. */
type Scored = Pick<UnlabelledPredictions, "logits" | "classes" | "energies">;

export interface ResamplingOptions {
  readonly seed: number;
  readonly resamples: number;
}

/** Measures predictions of one set of texts. */
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

/** How well each score tells texts of the distribution from others; both sets are resampled on their own. */
export function measureDetection(
  inside: Scored,
  outside: Scored,
  options: ResamplingOptions,
): DetectedSet {
  const sizes = sizesOf({ inside, outside });
  const measured = bootstrap(measureScores({ inside, outside }), sizes, { ...options, ranges });
  return { examples: sizes[1], scores: byScore(measured) };
}

/** What one training says of the texts that are to be told apart. */
export interface ToldApart {
  readonly inside: Scored;
  readonly outside: Scored;
}

/** The same of several variants, each with as many trainings as the others; paired over texts and trainings. */
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

/** The figures of all scores at once, so that they share their resamples. */
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

/** The larger, the more familiar: a low energy is a familiar text's. */
function scoresOf({ logits, classes, energies }: Scored): Partial<Record<ScoreName, Float64Array>> {
  const trainedEnergy = energies?.map((energy) => -energy);
  return { ...familiarity(logits, classes), ...(trainedEnergy ? { trainedEnergy } : {}) };
}
