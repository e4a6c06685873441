import { InputError } from "../errors.ts";
import { type CalibratorName, fitCalibrator } from "./calibrators/fit.ts";
import { compareAll, type Contestant, type Standing } from "./resampling/comparison.ts";
import { meanLogits } from "./predictions/ensemble.ts";
import { calibrationFloor, type Floor } from "./metrics/floor.ts";
import { forecastsFromLogits } from "./predictions/forecasts.ts";
import type { BootstrapOptions, Figures } from "./resampling/interval.ts";
import type { Measurement } from "./resampling/measurement.ts";
import { type FigureName, figureRanges, measureFigures } from "./metrics/figures.ts";
import { binaryVotes, measureVotes, type VoteFigureName } from "./metrics/vote_figures.ts";
import { mean } from "./resampling/mean.ts";
import type { Predictions } from "./predictions/classified.ts";
import { groupBySeeds } from "./resampling/seeds.ts";
import { logSoftmax, softmax } from "./predictions/softmax.ts";
import { topLabel } from "./metrics/top_label.ts";

/** What one training says of the examples that calibrators are fitted on, and of those that are reported. */
export interface VariantRun {
  readonly variant: string;
  /** Of the training. */
  readonly seed: number;
  readonly dev1: Predictions;
  readonly dev2: Predictions;
}

export interface CompareOptions extends BootstrapOptions {
  /** What each variant is compared with, as trained and after each calibrator. */
  readonly reference: string;
  readonly calibrators: readonly CalibratorName[];
  /** The variants whose seeds are joined to an ensemble too. */
  readonly ensembles: readonly string[];
}

/** The figures by which variants are compared; people's votes add those of votes. */
const comparedFigures = [
  "accuracy",
  "nll",
  "brier",
  "ece",
  "ece_debiased",
  "ece_classwise",
  "smooth_ece",
  "mce",
  "auroc_error",
  "aurc",
] as const satisfies readonly FigureName[];

export type VariantFigure = typeof comparedFigures[number] | VoteFigureName;

/** How a variant does, as it was trained or after a calibrator. */
export interface VariantStanding extends Standing<VariantFigure> {
  readonly variant: string;
  readonly calibrator: CalibratorName | "none";
  /** What was fitted, for each seed. */
  readonly fits: readonly string[];
  /** What the data left open of these fits. */
  readonly notes: readonly string[];
  /** How many trainings the figures are means of; an ensemble is one. */
  readonly runs: number;
  /** The ECE of perfectly calibrated predictions, mean over runs. */
  readonly ece_floor: Floor;
}

/**
 * Compares variants over their seeds. Every calibrator is fitted on dev1, for each training anew; an ensemble's probabilities
 * are the means of its members' (Lakshminarayanan et al. 2017). Whatever the order of the runs, the variants come in theirs.
 *
 * @throws {InputError} where a variant has a seed twice, or other seeds than the others, or there is no reference.
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
    runs: predictions.map(measurementOf),
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
  const joined = (split: "dev1" | "dev2"): Predictions => {
    const logits = meanLogits(members.map((member) => member[split].logits), members[0][split].classes);
    return { ...members[0][split], logits };
  };
  return { ...members[0], dev1: joined("dev1"), dev2: joined("dev2") };
}

/** What is reported of each run, after a calibrator where there is one, and what was fitted. */
function calibrate(runs: readonly VariantRun[], name: CalibratorName | "none") {
  if (name === "none") return { predictions: runs.map(({ dev2 }) => dev2), fits: [], notes: [] };
  const calibrators = runs.map(({ dev1 }) => fitCalibrator(name, dev1));
  return {
    predictions: calibrators.map((calibrator, run) => calibrator.apply(runs[run].dev2)),
    fits: calibrators.map(({ summary }) => summary),
    notes: [...new Set(calibrators.flatMap(({ note }) => note ?? []))],
  };
}

/** All default metrics, and those of votes where there are votes on two classes. */
function measurementOf(predictions: Predictions): Measurement<Figures<VariantFigure>> {
  const { logits, classes, votes } = predictions;
  const metrics = measureFigures(forecastsFromLogits(predictions), comparedFigures);
  if (!votes || classes !== 2) return metrics as Measurement<Figures<VariantFigure>>;
  const ofVotes = measureVotes(logSoftmax(logits, classes), binaryVotes(votes), classes);
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
