import { type Abstention, abstention, abstentionRisk } from "../calibration/abstention.ts";
import { falseAlarmRate, familiarityAmong } from "../calibration/familiarity.ts";
import { conformalQuantile } from "../calibration/metrics/conformal.ts";
import { softmax } from "../calibration/predictions/softmax.ts";
import type { Prediction } from "../ebm/classifier/predict.ts";
import { InputError } from "../errors.ts";
import type { ModelCalibrator } from "./calibrator_file.ts";
import type { Classifier } from "./classifier.ts";

/** What a classifier says of a text. */
export interface Answer {
  /** The most probable class. */
  readonly label: string;
  /** Each class's probability, calibrated where there is a calibrator; in the order of the logits. */
  readonly probs: Readonly<Record<string, number>>;
  readonly logits: readonly number[];
  /** The text's energy E(x), where the classifier has one: low for texts like the training ones. */
  readonly energy?: number;
  /** The share of the labelled texts, to which the calibrator was fitted, whose energies are at most as high. */
  readonly energyQuantile?: number;
  /** Whether the energy is higher than that of all but 1 % of texts like the training ones. */
  readonly unfamiliar?: boolean;
  /** Whether the text was longer than what the classifier reads. */
  readonly cut: boolean;
  /** Whether the confidence is too low for the error that was asked for. */
  readonly abstain?: boolean;
  /** The classes of the conformal set. */
  readonly set?: readonly string[];
}

export interface AnswerOptions {
  /** Leaves the calibrator out. */
  readonly uncalibrated?: boolean | undefined;
  /** The error that answers may have where the classifier doesn't abstain. */
  readonly abstainAt?: number | undefined;
  /** How often a conformal set should hold the true class. */
  readonly sets?: number | undefined;
}

/** Makes answers of predictions. */
export interface Answering {
  answers(prediction: Prediction, cut: readonly boolean[]): readonly Answer[];
  /** What is promised of the answers, and what isn't, in sentences. */
  readonly promises: readonly string[];
}

/**
 * Prepares a classifier's answers.
 *
 * @throws {InputError} where they ask for a calibrator and there is none, or its examples are too few.
 */
export function answering(
  { description: { classes }, calibrator: found }: Pick<Classifier, "description" | "calibrator">,
  { uncalibrated = false, abstainAt, sets }: AnswerOptions,
): Answering {
  const calibrator = uncalibrated ? undefined : found;
  if (abstainAt !== undefined || sets !== undefined) requireCalibrator(calibrator, uncalibrated);
  const abstaining = abstainAt === undefined ? undefined : abstention(calibrator!.examples, abstainAt);
  const threshold = sets === undefined ? undefined : setThreshold(calibrator!, sets);
  const energies = found?.examples.energy;
  const familiarity = energies && familiarityAmong(energies);

  const answers = ({ logits, energies }: Prediction, cut: readonly boolean[]): Answer[] => {
    const raw = {
      logits: Float64Array.from(logits),
      classes: classes.length,
      labels: new Int32Array(cut.length),
    };
    const probabilities = softmax((calibrator?.calibrator.apply(raw) ?? raw).logits, classes.length);
    return cut.map((isCut, row) => {
      const of = (
        values: Float64Array,
      ) => [...values.subarray(row * classes.length, (row + 1) * classes.length)];
      const probs = of(probabilities);
      const confidence = Math.max(...probs);
      const energy = energies.length > 0 ? energies[row] : undefined;
      const compared = energy === undefined ? undefined : familiarity?.(energy);
      return {
        label: classes[probs.indexOf(confidence)],
        probs: Object.fromEntries(probs.map((one, c) => [classes[c], one])),
        logits: of(raw.logits),
        ...(energy === undefined ? {} : { energy }),
        ...(compared ? { energyQuantile: compared.quantile, unfamiliar: compared.unfamiliar } : {}),
        cut: isCut,
        ...(abstaining ? { abstain: confidence <= abstaining.threshold } : {}),
        ...(threshold === undefined ? {} : { set: classes.filter((_, c) => 1 - probs[c] <= threshold) }),
      };
    });
  };
  const promises = [
    calibrator
      ? `calibrated: ${calibrator.calibrator.summary}, fitted on ${calibrator.fittedOn.examples} texts of ${calibrator.fittedOn.name}`
      : uncalibrated
      ? "uncalibrated, as asked"
      : "uncalibrated: no calibrator of this model was found; `deno task calibrate` fits one on labelled texts",
    ...(abstaining ? [abstentionPromise(abstaining, abstainAt!)] : []),
    ...(sets === undefined ? [] : [
      `sets: they hold the true class of at least ${
        percent(sets)
      } of texts like those, on average over draws of those`,
    ]),
    ...(familiarity
      ? [`unfamiliar: of texts like those at most ${percent(falseAlarmRate)} are called so by mistake`]
      : []),
  ];
  return { answers, promises };
}

function abstentionPromise({ threshold, coverage, error }: Abstention, maxError: number): string {
  return `abstains at a confidence of ${threshold.toPrecision(4)} or less: ${
    percent(coverage)
  } of those texts ` +
    `are above it, ${percent(error)} of them wrong. With ${percent(1 - abstentionRisk)} certainty at most ` +
    `${percent(maxError)} of the answers to texts like those are wrong`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** Returns the largest 1 − p with which a class is in a set. */
function setThreshold({ examples: { truth } }: ModelCalibrator, level: number): number {
  return conformalQuantile(Float64Array.from(truth, (probability) => 1 - probability), level);
}

function requireCalibrator(calibrator: ModelCalibrator | undefined, uncalibrated: boolean): void {
  if (calibrator) return;
  throw new InputError({
    found: uncalibrated ? "--uncalibrated with --abstain-at or --sets" : "no calibrator of this model",
    expected: "a calibrator, whose labelled texts --abstain-at and --sets need",
    fix: uncalibrated
      ? "Leave --uncalibrated out."
      : "Evaluate the model, or fit one on labelled texts: deno task calibrate MODEL FILE",
  });
}
