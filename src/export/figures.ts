import { measureWithFloor } from "../calibration/measure.ts";
import type { FigureName } from "../calibration/metrics/figures.ts";
import { type Reliability, reliability } from "../calibration/metrics/reliability.ts";
import { topLabel } from "../calibration/metrics/top_label.ts";
import { forecastsFromLogits, type LabelledLogits } from "../calibration/predictions/forecasts.ts";
import type { Interval } from "../calibration/resampling/interval.ts";
import type { ModelCalibrator } from "../inference/calibrator_file.ts";

/** The figures of a model card. */
export const cardFigures = ["accuracy", "mcc", "nll", "brier", "ece", "ece_floor"] as const;

/** What a classifier showed on labelled texts that it wasn't trained on, with 95 % intervals. */
export interface Measured {
  readonly figures: Readonly<Record<typeof cardFigures[number], Interval>>;
  readonly reliability: Reliability;
}

/** What it showed on one split, as it was trained and, where it has a calibrator, calibrated. */
export interface MeasuredSplit {
  readonly split: string;
  readonly examples: number;
  readonly uncalibrated: Measured;
  readonly calibrated: Measured | undefined;
}

/** Measures predictions of a split, with intervals from 1,000 resamples of its examples. */
export function measureSplit(
  split: string,
  predictions: LabelledLogits,
  calibrator: ModelCalibrator | undefined,
): MeasuredSplit {
  return {
    split,
    examples: predictions.labels.length,
    uncalibrated: measure(predictions),
    calibrated: calibrator && measure(calibrator.calibrator.apply(predictions)),
  };
}

function measure(predictions: LabelledLogits): Measured {
  const names = cardFigures.filter((name): name is typeof name & FigureName => name !== "ece_floor");
  const forecasts = forecastsFromLogits(predictions);
  const { probabilities, labels, classes } = forecasts;
  return {
    // Where resamples are asked for, every figure has an interval.
    figures: measureWithFloor(forecasts, names, {
      binning: {},
      seed: 1,
      resamples: 1000,
    }) as Measured["figures"],
    reliability: reliability(topLabel(probabilities, labels, classes)),
  };
}
