/** `calibrator.json`: a fitted calibrator, of which model it is, and what the labelled texts showed. */

import { writeFile } from "node:fs/promises";
import { z } from "zod";
import {
  type Calibrator,
  calibratorOf,
  savedCalibrator,
  savedCalibratorSchema,
} from "../calibration/calibrators/calibrator.ts";
import { fitCalibrator } from "../calibration/calibrators/fit.ts";
import { topLabel } from "../calibration/metrics/top_label.ts";
import type { Predictions } from "../calibration/predictions/classified.ts";
import { softmax } from "../calibration/predictions/softmax.ts";
import { readJson } from "../nn/json.ts";

const model = z.strictObject({
  digest: z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256"),
  variant: z.string().describe("How the model predicted: mc-dropout shares its model with the baseline."),
  precision: z.enum(["float32", "bfloat16"]),
});

const column = z.array(z.number());

const calibratorFile = z.strictObject({
  model: model.optional().describe("The model whose predictions are calibrated, where it is known."),
  classes: z.array(z.string()).optional().describe("The names of the classes, in the order of the logits."),
  calibrator: savedCalibratorSchema,
  fittedOn: z.strictObject({ name: z.string(), examples: z.int() }),
  examples: z.strictObject({
    confidence: column.describe("The calibrated probability of the class that was chosen."),
    right: column.describe("1 where that is the true class, else 0."),
    truth: column.describe("The calibrated probability of the true class."),
    energy: column.optional(),
  }).refine(
    ({ confidence, right, truth, energy = truth }) =>
      [right, truth, energy].every(({ length }) => length === confidence.length),
    "columns of equal length",
  )
    .optional().describe("The examples that it was fitted on, for abstention, sets and familiarity."),
});

type Contents = z.output<typeof calibratorFile>;

/** Which model predicted, and how. */
export type ModelIdentity = z.output<typeof model>;

/** What a calibrator was fitted on shows of the model, example by example. */
export type LabelledExamples = NonNullable<Contents["examples"]>;

/** The contents of `calibrator.json`. */
export interface CalibratorFile extends Omit<Contents, "calibrator"> {
  readonly calibrator: Calibrator;
}

/** The calibrator of a model. */
export interface ModelCalibrator extends CalibratorFile {
  readonly model: ModelIdentity;
  readonly classes: readonly string[] & string[];
  readonly examples: LabelledExamples;
}

/**
 * Fits a temperature on a model's predictions of labelled texts.
 *
 * @param name what these texts are called, such as dev1
 * @throws {InputError} where there are none
 */
export function fitModelCalibrator(
  model: ModelIdentity,
  classes: readonly string[],
  name: string,
  predictions: Predictions,
): ModelCalibrator {
  const calibrator = fitCalibrator("temperature", predictions);
  const { labels } = predictions;
  const probabilities = softmax(calibrator.apply(predictions).logits, classes.length);
  const { confidences, correct } = topLabel(probabilities, labels, classes.length);
  return {
    model,
    classes: [...classes],
    calibrator,
    fittedOn: { name, examples: labels.length },
    examples: {
      confidence: [...confidences],
      right: [...correct],
      truth: Array.from(labels, (label, i) => probabilities[i * classes.length + label]),
      ...(predictions.energies ? { energy: [...predictions.energies] } : {}),
    },
  };
}

/** Writes `calibrator.json`. */
export async function writeCalibrator(
  file: string,
  { calibrator, ...others }: CalibratorFile,
): Promise<void> {
  const contents = calibratorFile.parse({ ...others, calibrator: savedCalibrator(calibrator) });
  await writeFile(file, `${JSON.stringify(contents)}\n`);
}

/** Reads `calibrator.json`. Throws InputError where it is missing or is something else. */
export async function readCalibrator(file: string): Promise<CalibratorFile> {
  const { calibrator, ...others } = await readJson(file, calibratorFile, {
    expected: "a calibrator, as evaluate, `deno task calibrate` and `deno task metrics --save` write them",
    fix: "Give the path of such a file, or remove this one and fit the calibrator again.",
  });
  return { ...others, calibrator: calibratorOf(calibrator) };
}

/** Whether a calibrator is a model's, and of predictions that are made in the same way. */
export function belongsTo(
  file: CalibratorFile,
  digest: string,
  variant: string,
): file is ModelCalibrator {
  return file.model?.digest === digest && file.model.variant === variant && file.classes !== undefined &&
    file.examples !== undefined;
}
