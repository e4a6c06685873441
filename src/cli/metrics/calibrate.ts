import type { Calibrator, CalibratorName } from "../../calibration/calibrators/calibrator.ts";
import { fitCalibrator } from "../../calibration/calibrators/fit.ts";
import { logitsOf, type PredictionFile } from "../../calibration/predictions/file.ts";
import {
  checkSameClasses,
  type NamedPredictions,
  sharedExamples,
} from "../../calibration/predictions/same_examples.ts";

/** A calibrator, and the predictions on which it was fitted. */
export interface FittedOn extends NamedPredictions {
  readonly calibrator: Calibrator;
}

/** Fits a calibrator on predictions. */
export function fitOn(calibrator: CalibratorName, { name, predictions }: NamedPredictions): FittedOn {
  return { name, predictions, calibrator: fitCalibrator(calibrator, withLogits(predictions)) };
}

function withLogits(predictions: PredictionFile) {
  return { ...predictions, logits: logitsOf(predictions) };
}

/**
 * Calibrates predictions.
 *
 * @throws {InputError} where they are of other classes than those on which the calibrator was fitted.
 */
export function calibrated(given: NamedPredictions, fitted: FittedOn): NamedPredictions {
  checkSameClasses(fitted, given);
  const { logits } = fitted.calibrator.apply(withLogits(given.predictions));
  return { ...given, predictions: { ...given.predictions, form: "logits", values: logits } };
}

/** Warns where a calibrator was fitted on examples that are measured: their figures are too good. */
export function overlapWarning(measured: NamedPredictions, fitted: FittedOn): string | undefined {
  const shared = sharedExamples(measured.predictions, fitted.predictions);
  if (shared === 0) return undefined;
  const count = measured.predictions.labels.length;
  const found = shared === count
    ? `${fitted.calibrator.name} was fitted on the same examples`
    : `${shared} of ${count} ids are also in ${fitted.name}, on which ${fitted.calibrator.name} was fitted`;
  return `${found}, so that the figures are too good`;
}
