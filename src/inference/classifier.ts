import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readClassifierDescription, type ReadsTexts } from "../ebm/classifier/folder.ts";
import { openPredictor, type Predictor } from "../ebm/classifier/predictor.ts";
import { readSequenceClassification } from "../ebm/classifier/sequence_classification.ts";
import type { Precision } from "../graph/graph.ts";
import type { ModelOptions } from "../runtime/model.ts";
import { belongsTo, type ModelCalibrator, readCalibrator } from "./calibrator_file.ts";
import { modelDigest } from "./model_digest.ts";

/** A classifier that is ready to answer, with its calibrator where it has one. */
export interface Classifier extends Predictor<ReadsTexts> {
  readonly digest: string;
  readonly precision: Precision;
  readonly calibrator: ModelCalibrator | undefined;
}

export interface ClassifierOptions extends ModelOptions {
  /** What matrix products compute in; by default what the calibrator was fitted with, or else float32. */
  readonly precision?: Precision | undefined;
  /** Lists the files in which a calibrator may be, the first to look into first. */
  calibrators(digest: string): Iterable<string>;
}

/**
 * Loads a classifier: one that finetune has written, or one of another program, of a family that is supported and
 * that `AutoModelForSequenceClassification` of transformers loads. Throws InputError where the folder holds
 * neither, or isn't complete.
 */
export async function loadClassifier(
  folder: string,
  { calibrators, precision: asked, ...options }: ClassifierOptions,
): Promise<Classifier> {
  const isOurs = existsSync(join(folder, "classifier.json"));
  const description = await (isOurs ? readClassifierDescription : readSequenceClassification)(folder);
  const digest = await modelDigest(folder);
  const found = await findCalibrator(calibrators(digest), digest, description.variant);
  const calibrator = found?.calibrator;
  const precision = asked ?? calibrator?.model.precision ?? "float32";
  const predictor = await openPredictor(folder, description, { ...options, precision });
  return { ...predictor, digest, precision, calibrator };
}

/**
 * Finds the first file with a model's calibrator. Files that aren't there are passed over, and so are those
 * of other models, whatever is in them.
 */
export async function findCalibrator(
  files: Iterable<string>,
  digest: string,
  variant: string,
): Promise<{ readonly file: string; readonly calibrator: ModelCalibrator } | undefined> {
  for (const file of files) {
    const calibrator = await calibratorIn(file, digest, variant);
    if (calibrator) return { file, calibrator };
  }
  return undefined;
}

/**
 * Reads a model's calibrator; undefined where there is no such file, or it is another model's, whatever is in
 * it.
 *
 * @throws {InputError} where it is the model's, and can't be read
 */
export async function calibratorIn(
  file: string,
  digest: string,
  variant: string,
): Promise<ModelCalibrator | undefined> {
  if (!existsSync(file) || !(await readFile(file, "utf8")).includes(digest)) return undefined;
  const found = await readCalibrator(file);
  return belongsTo(found, digest, variant) ? found : undefined;
}
