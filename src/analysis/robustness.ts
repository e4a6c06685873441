import { bootstrap } from "../calibration/bootstrap.ts";
import { forecastsFromLogits, type LabelledLogits } from "../calibration/forecasts.ts";
import type { Interval } from "../calibration/interval.ts";
import {
  type Detection,
  detection,
  type Familiarity,
  familiarity,
} from "../calibration/out_of_distribution.ts";
import { predictionFigures } from "../calibration/prediction_figures.ts";
import type { UnlabelledPredictions } from "../calibration/predictions.ts";
import { applyTemperature, type Temperature } from "../calibration/temperature.ts";

const figureNames = ["accuracy", "nll", "brier", "ece", "ece_floor"] as const;

/** With bootstrap intervals; that of the floor holds 95 % of perfectly calibrated classifiers. */
export type SetFigures = Readonly<Record<typeof figureNames[number], Interval>>;

/** How a classifier does on labelled texts, before and after the temperature of dev1. */
export interface MeasuredSet {
  readonly examples: number;
  readonly uncalibrated: SetFigures;
  readonly calibrated: SetFigures;
}

/** How well scores tell dev2 from texts of elsewhere; `trainedEnergy` is there where the classifier has an energy. */
export interface DetectedSet {
  readonly examples: number;
  readonly scores: Readonly<
    Partial<Record<keyof Familiarity | "trainedEnergy", Readonly<Record<keyof Detection, Interval>>>>
  >;
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
    const all = predictionFigures(forecastsFromLogits(labelled), { binning: {}, ...options });
    return Object.fromEntries(figureNames.map((name) => [name, all[name]])) as SetFigures;
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
  const [ours, theirs] = [inside, outside].map(scoresOf);
  const names = Object.keys(ours) as (keyof typeof ours)[];
  const examples = outside.logits.length / outside.classes;
  const measured = names.map((name) => {
    const [known, unknown] = [ours[name]!, theirs[name]!];
    return [
      name,
      bootstrap(detection(known, unknown), [known.length, unknown.length], { ...options, ranges }),
    ];
  });
  return { examples, scores: Object.fromEntries(measured) };
}

const ranges = { auroc: [0, 1], auprIn: [0, 1], auprOut: [0, 1], falsePositiveRate95: [0, 1] } as const;

/** The larger, the more familiar: a low energy is a familiar text's. */
function scoresOf(
  { logits, classes, energies }: Scored,
): Partial<Record<keyof Familiarity | "trainedEnergy", Float64Array>> {
  const trainedEnergy = energies?.map((energy) => -energy);
  return { ...familiarity(logits, classes), ...(trainedEnergy ? { trainedEnergy } : {}) };
}
