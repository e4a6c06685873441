import { type Abstention, abstention, abstentionRisk } from "../calibration/abstention.ts";
import { falseAlarmRate, type Familiarity, familiarityAmong } from "../calibration/familiarity.ts";
import { conformalQuantile } from "../calibration/metrics/conformal.ts";
import { softmax } from "../calibration/predictions/softmax.ts";
import type { Prediction } from "../ebm/classifier/predict.ts";
import { InputError } from "../errors.ts";
import type { LabelledExamples, ModelCalibrator } from "./calibrator_file.ts";
import type { Classifier } from "./classifier.ts";

/** What a classifier says of a text. */
export interface Answer {
  /** The most probable class. */
  readonly label: string;
  /** Each class's probability, calibrated where there is a calibrator. */
  readonly probs: Readonly<Record<string, number>>;
  /** In the order of the model's classes, which that of the names in `probs` isn't where these are numbers. */
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
  /** @param cut whether each text was longer than what the classifier reads */
  answers(prediction: Prediction, cut: readonly boolean[]): readonly Answer[];
  /** What is promised of the answers, and what isn't, in sentences. */
  readonly promises: readonly string[];
}

/** What answers are compared with, all of it from the labelled texts that the calibrator was fitted on. */
interface Reference {
  readonly calibrator: ModelCalibrator | undefined;
  readonly abstention: Abstention | undefined;
  /** The largest 1 − p with which a class is in a conformal set. */
  readonly setThreshold: number | undefined;
  readonly familiarity: ((energy: number) => Familiarity) | undefined;
}

/** @throws {InputError} where options exclude each other */
export function checkAnswerOptions({ uncalibrated, abstainAt, sets }: AnswerOptions): void {
  if (!uncalibrated || (abstainAt ?? sets) === undefined) return;
  throw new InputError({
    found: "uncalibrated answers with abstention or sets",
    expected: "one of them",
    fix: "Both are chosen for calibrated probabilities: ask for calibrated ones.",
  });
}

/**
 * Prepares a classifier's answers.
 *
 * @throws {InputError} where options exclude each other, or abstention or sets are asked for and there is no
 * calibrator, or its labelled texts are too few.
 */
export function answering(
  { description: { classes }, calibrator: found }: Pick<Classifier, "description" | "calibrator">,
  options: AnswerOptions,
): Answering {
  const { uncalibrated = false, abstainAt, sets } = options;
  checkAnswerOptions(options);
  const energies = found?.examples.energy;
  const reference: Reference = {
    calibrator: uncalibrated ? undefined : found,
    abstention: abstainAt === undefined ? undefined : abstention(labelledTexts(found), abstainAt),
    setThreshold: sets === undefined ? undefined : setThreshold(labelledTexts(found), sets),
    familiarity: energies && familiarityAmong(energies),
  };
  return {
    answers: (prediction, cut) => answersOf(prediction, cut, classes, reference),
    promises: promisesOf(reference, options),
  };
}

function answersOf(
  { logits, energies }: Prediction,
  cut: readonly boolean[],
  classes: readonly string[],
  { calibrator, abstention, setThreshold, familiarity }: Reference,
): readonly Answer[] {
  const count = classes.length;
  const raw = { logits: Float64Array.from(logits), classes: count, labels: new Int32Array(cut.length) };
  const probabilities = softmax((calibrator?.calibrator.apply(raw) ?? raw).logits, count);
  return cut.map((isCut, row) => {
    const probs = [...probabilities.subarray(row * count, (row + 1) * count)];
    const confidence = Math.max(...probs);
    const energy = energies.length > 0 ? energies[row] : undefined;
    const compared = energy === undefined ? undefined : familiarity?.(energy);
    return {
      label: classes[probs.indexOf(confidence)],
      probs: Object.fromEntries(probs.map((one, c) => [classes[c], one])),
      logits: [...raw.logits.subarray(row * count, (row + 1) * count)],
      ...(energy === undefined ? {} : { energy }),
      ...(compared ? { energyQuantile: compared.quantile, unfamiliar: compared.unfamiliar } : {}),
      cut: isCut,
      ...(abstention ? { abstain: confidence <= abstention.threshold } : {}),
      ...(setThreshold === undefined ? {} : { set: classes.filter((_, c) => 1 - probs[c] <= setThreshold) }),
    };
  });
}

function promisesOf(
  { calibrator, abstention, familiarity }: Reference,
  { uncalibrated, abstainAt, sets }: AnswerOptions,
): readonly string[] {
  const promises = [
    calibrator
      ? `calibrated: ${calibrator.calibrator.summary}, fitted on ${calibrator.fittedOn.examples} texts of ` +
        calibrator.fittedOn.name
      : uncalibrated
      ? "uncalibrated, as asked"
      : "uncalibrated: no calibrator of this model was found; `deno task calibrate` fits one on labelled texts",
  ];
  if (abstention && abstainAt !== undefined) {
    const { threshold, coverage, error } = abstention;
    promises.push(
      `abstain: at a confidence of ${threshold.toPrecision(4)} or less; ${
        percent(coverage)
      } of those texts are ` +
        `above it, ${percent(error)} of them wrong. Of texts like those at most ${
          percent(abstainAt)
        } of the ` +
        `answers are wrong, with ${percent(1 - abstentionRisk)} certainty`,
    );
  }
  if (sets !== undefined) {
    promises.push(`set: holds the true class of at least ${percent(sets)} of texts like those, on average`);
  }
  if (familiarity) {
    promises.push(
      `unfamiliar: at most ${percent(falseAlarmRate)} of texts like those are called so by mistake`,
    );
  }
  return promises;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

function setThreshold({ truth }: LabelledExamples, level: number): number {
  return conformalQuantile(Float64Array.from(truth, (probability) => 1 - probability), level);
}

function labelledTexts(calibrator: ModelCalibrator | undefined): LabelledExamples {
  if (calibrator) return calibrator.examples;
  throw new InputError({
    found: "no calibrator of this model",
    expected: "one, because abstention and sets need the labelled texts that it was fitted on",
    fix: "Evaluate the model, or fit a calibrator: deno task calibrate MODEL FILE",
  });
}
