/**
 * Measures how accurate and how well calibrated predictions are, and calibrates them, whatever made them. It
 * knows nothing of texts or models. docs/metrics.md defines the figures; docs/library.md shows an example.
 *
 * @module
 */

/* Predictions: in files, as logits, as probabilities. */
export { forecastsOf, type PredictionFile, readPredictionFile } from "./predictions/file.ts";
export type { ColumnNames, Reading } from "./predictions/reading.ts";
export {
  type Forecasts,
  forecastsFromLogits,
  forecastsFromProbabilities,
  type LabelledLogits,
} from "./predictions/forecasts.ts";
export { logSoftmax, softmax } from "./predictions/softmax.ts";

/* Figures, with intervals. */
export { type Measured, measureFile, measureWithFloor, type MeasuringOptions } from "./measure.ts";
export { type FigureName, figureNames, measureFigures, usualFigures } from "./metrics/figures.ts";
export type { Binning } from "./metrics/bins.ts";
export {
  type ReliabilityBin,
  reliabilityBins,
  reliabilityCurve,
  type ReliabilityPoint,
} from "./metrics/reliability.ts";
export { type TopLabel, topLabel } from "./metrics/top_label.ts";
export { bootstrap } from "./resampling/bootstrap.ts";
export type { BootstrapOptions, Figures, Interval, Range } from "./resampling/interval.ts";
export type { Measurement, Weights } from "./resampling/measurement.ts";

/* Calibrators. */
export {
  type Calibrator,
  type CalibratorName,
  calibratorNames,
  calibratorOf,
  type SavedCalibrator,
  savedCalibrator,
} from "./calibrators/calibrator.ts";
export { fitCalibrator } from "./calibrators/fit.ts";

/* What follows from calibrated confidence: abstention, sets of classes, and unfamiliar examples. */
export { type Abstention, abstention, type Answers } from "./abstention.ts";
export {
  type ConformalMethod,
  type ConformalOptions,
  type ConformalSets,
  conformalSets,
} from "./metrics/conformal.ts";
export { type Familiarity, familiarityAmong } from "./familiarity.ts";

export { InputError } from "../errors.ts";
