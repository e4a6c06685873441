import { InputError } from "../errors.ts";
import type { CalibratorName } from "./calibrators/calibrator.ts";
import { fitCalibrator } from "./calibrators/fit.ts";
import { compareAll, type Contestant, type Standing } from "./resampling/comparison.ts";
import { meanLogits } from "./predictions/ensemble.ts";
import { calibrationFloor, type Floor } from "./metrics/floor.ts";
import { forecastsFromLogits } from "./predictions/forecasts.ts";
import type { BootstrapOptions, Figures } from "./resampling/interval.ts";
import type { Measurement } from "./resampling/measurement.ts";
import { figureRanges, measureFigures, usualFigures } from "./metrics/figures.ts";
import { measureVotes, type VoteFigureName } from "./metrics/vote_figures.ts";
import { mean } from "../statistics.ts";
import type { Predictions } from "./predictions/classified.ts";
import { groupBySeeds } from "./resampling/seeds.ts";
import { logSoftmax, softmax } from "./predictions/softmax.ts";
import { topLabel } from "./metrics/top_label.ts";

/** One training's predictions. */
export interface VariantRun {
  readonly variant: string;
  /** The seed of the training. */
  readonly seed: number;
  /** Those that calibrators are fitted on. */
  readonly fit: Predictions;
  /** Those that are measured. */
  readonly measured: Predictions;
}

/** How variants are compared. */
export interface CompareOptions extends BootstrapOptions {
  /** The variant that each other one is compared with, as trained and after each calibrator. */
  readonly reference: string;
  readonly calibrators: readonly CalibratorName[];
  /** The variants whose trainings are also joined to an ensemble. */
  readonly ensembles: readonly string[];
  /** The figure by which results on the data set are usually reported; accuracy unless given. */
  readonly metric?: "accuracy" | "mcc" | undefined;
}

/**
 * The name of a figure by which variants are compared; those of votes are there only where there are votes,
 * and MCC only where results on the data set are usually reported by it.
 */
export type VariantFigure = typeof usualFigures[number] | "mcc" | VoteFigureName;

/** The figures of a variant, as it was trained or after a calibrator. */
export interface VariantStanding extends Standing<VariantFigure> {
  readonly variant: string;
  readonly calibrator: CalibratorName | "none";
  /** The summary of each seed's calibrator, such as "T = 1.03". */
  readonly fits: readonly string[];
  /** Notes on what the examples left undetermined in these fits. */
  readonly notes: readonly string[];
  /** The number of trainings that figures are averaged over; an ensemble counts as one. */
  readonly runs: number;
  /** The floor of the ECE, averaged over runs. */
  readonly ece_floor: Floor;
}

/**
 * Compares variants over their seeds. Each calibrator is fitted anew for each training. An ensemble's probabilities are the means of its members' (Lakshminarayanan et al. 2017). The variants keep
 * the order in which they first come; otherwise the order of the runs doesn't matter.
 *
 * @throws {InputError} where a variant has a seed twice, or other seeds than the others, or the reference is
 * missing.
 */
export function compareVariants(runs: readonly VariantRun[], options: CompareOptions): VariantStanding[] {
  const variants = groupBySeeds(runs);
  const reference = variants.has(options.reference)
    ? options.reference
    : missing(options.reference, variants);
  const ensembles = options.ensembles.flatMap((name) => {
    const members = variants.get(name) ?? missing(name, variants);
    return members.length < 2 ? [] : [[`${name} ensemble`, [ensembleOf(members)]] as const];
  });
  const rows = [...variants, ...ensembles].flatMap(([variant, members]) =>
    (["none", ...options.calibrators] as const).map((calibrator) => ({
      variant,
      calibrator,
      ...calibrate(members, calibrator),
    }))
  );
  const referenceFor = new Map(
    rows.flatMap(({ variant, calibrator }, at) => variant === reference ? [[calibrator, at] as const] : []),
  );
  const contestants = rows.map(({ variant, calibrator, predictions }): Contestant<VariantFigure> => ({
    runs: predictions.map((each) => measurementOf(each, options.metric)),
    reference: variant === reference ? undefined : referenceFor.get(calibrator),
  }));
  const examples = rows[0].predictions[0].labels.length;
  const standings = compareAll(contestants, [examples], { ...options, ranges: figureRanges });
  return rows.map(({ variant, calibrator, fits, notes, predictions }, at) => ({
    variant,
    calibrator,
    fits,
    notes,
    runs: predictions.length,
    ece_floor: floorOf(predictions, options.seed),
    ...standings[at],
  }));
}

function missing(name: string, variants: ReadonlyMap<string, unknown>): never {
  throw new InputError({
    found: `no evaluation of "${name}"`,
    expected: `one of ${[...variants.keys()].join(", ")}`,
    fix: "Name a variant that was evaluated.",
  });
}

function ensembleOf(members: readonly VariantRun[]): VariantRun {
  const joined = (split: "fit" | "measured"): Predictions => {
    const logits = meanLogits(members.map((member) => member[split].logits), members[0][split].classes);
    return { ...members[0][split], logits };
  };
  return { ...members[0], fit: joined("fit"), measured: joined("measured") };
}

/** Returns what is measured of each run, calibrated where a calibrator is named, with what was fitted. */
function calibrate(runs: readonly VariantRun[], name: CalibratorName | "none") {
  if (name === "none") return { predictions: runs.map(({ measured }) => measured), fits: [], notes: [] };
  const calibrators = runs.map(({ fit }) => fitCalibrator(name, fit));
  return {
    predictions: calibrators.map((calibrator, run) => calibrator.apply(runs[run].measured)),
    fits: calibrators.map(({ summary }) => summary),
    notes: [...new Set(calibrators.flatMap(({ note }) => note ?? []))],
  };
}

/** Prepares the usual figures, and those of votes where there are votes. */
function measurementOf(
  predictions: Predictions,
  metric: CompareOptions["metric"],
): Measurement<Figures<VariantFigure>> {
  const { logits, classes, votes } = predictions;
  const names = metric === "mcc" ? [metric, ...usualFigures] : usualFigures;
  const metrics = measureFigures(forecastsFromLogits(predictions), names);
  if (!votes) return metrics as Measurement<Figures<VariantFigure>>;
  const ofVotes = measureVotes(logSoftmax(logits, classes), votes, classes);
  return (weights) => ({ ...metrics(weights), ...ofVotes(weights) });
}

function floorOf(runs: readonly Predictions[], seed: number): Floor {
  const floors = runs.map(({ logits, labels, classes }) =>
    calibrationFloor(topLabel(softmax(logits, classes), labels, classes).confidences, seed)
  );
  return {
    mean: mean(floors.map((floor) => floor.mean)),
    standardDeviation: mean(floors.map((floor) => floor.standardDeviation)),
  };
}
