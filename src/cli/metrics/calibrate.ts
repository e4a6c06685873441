import type { Calibrator, CalibratorName } from "../../calibration/calibrators/calibrator.ts";
import { fitCalibrator } from "../../calibration/calibrators/fit.ts";
import { logitsOf, type PredictionFile } from "../../calibration/predictions/file.ts";
import { readCalibrator, writeCalibrator } from "../../inference/calibrator_file.ts";
import {
  checkSameClasses,
  type NamedPredictions,
  sharedExamples,
} from "../../calibration/predictions/same_examples.ts";

/** A calibrator, and the name of the file that it comes from. */
export interface NamedCalibrator {
  readonly name: string;
  readonly calibrator: Calibrator;
  /** The names of the classes that it was fitted on, where they had names. */
  readonly classNames?: readonly string[];
  /** The predictions that it was fitted on, where they were read. */
  readonly predictions?: PredictionFile;
}

/** Fits a calibrator on predictions. */
export function fitOn(calibrator: CalibratorName, { name, predictions }: NamedPredictions): NamedCalibrator {
  const { classNames } = predictions;
  return {
    ...{ name, predictions, calibrator: fitCalibrator(calibrator, withLogits(predictions)) },
    ...(classNames ? { classNames } : {}),
  };
}

/** Reads a calibrator that was saved. */
export async function savedIn(name: string): Promise<NamedCalibrator> {
  const { calibrator, classes } = await readCalibrator(name);
  return { name, calibrator, ...(classes ? { classNames: classes } : {}) };
}

/** Saves a fitted calibrator. */
export async function save(path: string, { name, calibrator, classNames, predictions }: NamedCalibrator) {
  await writeCalibrator(path, {
    ...(classNames ? { classes: [...classNames] } : {}),
    calibrator,
    fittedOn: { name, examples: predictions!.labels.length },
  });
}

function withLogits(predictions: PredictionFile) {
  return { ...predictions, logits: logitsOf(predictions) };
}

/**
 * Calibrates predictions. A saved calibrator doesn't tell names of classes where it is applied to a file
 * without any.
 *
 * @throws {InputError} where they are of other classes than those on which the calibrator was fitted.
 */
export function calibrated(given: NamedPredictions, fitted: NamedCalibrator): NamedPredictions {
  const { name, calibrator, classNames, predictions } = fitted;
  if (predictions || (classNames && given.predictions.classNames)) {
    checkSameClasses({ name, predictions: classNames ? { classNames } : {} }, given);
  }
  const { logits } = calibrator.apply(withLogits(given.predictions));
  return { ...given, predictions: { ...given.predictions, form: "logits", values: logits } };
}

/** Warns where a calibrator was fitted on examples that are measured: their figures are too good. */
export function overlapWarning(measured: NamedPredictions, fitted: NamedCalibrator): string | undefined {
  const shared = fitted.predictions ? sharedExamples(measured.predictions, fitted.predictions) : 0;
  if (shared === 0) return undefined;
  const count = measured.predictions.labels.length;
  const found = shared === count
    ? `${fitted.calibrator.name} was fitted on the same examples`
    : `${shared} of ${count} ids are also in ${fitted.name}, on which ${fitted.calibrator.name} was fitted`;
  return `${found}, so that the figures are too good`;
}
