/** Writes a classifier for users of transformers: the model, and a card that says what it is worth. */

import { existsSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readPredictions } from "../calibration/predictions/logits_file.ts";
import { readClassifierDescription } from "../ebm/classifier/folder.ts";
import { InputError } from "../errors.ts";
import type { ModelCalibrator } from "../inference/calibrator_file.ts";
import { findCalibrator } from "../inference/classifier.ts";
import { calibratorName, modelDigest } from "../inference/model_digest.ts";
import type { CardFacts } from "./card_facts.ts";
import { type MeasuredSplit, measureSplit } from "./figures.ts";
import { cardDiagram, diagramName, modelCard } from "./model_card.ts";
import { writeTransformersFolder } from "./transformers_folder.ts";

/** A classifier that finetune has written, and what is known of it. */
export interface ClassifierExport extends Pick<CardFacts, "name" | "data" | "provenance" | "parameters"> {
  readonly model: string;
  /** Lists the files in which its calibrator may be, the first to look into first. */
  calibrators(digest: string): Iterable<string>;
  /** The folders of results, among which its evaluation may be. */
  readonly results: readonly string[];
  /** Makes the temperature part of the last layer. */
  readonly calibrated: boolean;
}

/**
 * Writes a classifier, its model card and its reliability diagram into a folder that is there.
 *
 * @returns the classifier's calibrator; undefined where it has none
 * @throws {InputError} where the classifier isn't complete, or has no temperature to be made part of it
 */
export async function writeClassifierExport(
  folder: string,
  { model, calibrators, results, calibrated, ...facts }: ClassifierExport,
): Promise<ModelCalibrator | undefined> {
  const { variant } = await readClassifierDescription(model);
  const digest = await modelDigest(model);
  const calibrator = (await findCalibrator(calibrators(digest), digest, variant))?.calibrator;
  if (calibrated && !calibrator) throw noCalibrator(facts.name);
  const classifier = await writeTransformersFolder(folder, model, calibrated ? calibrator : undefined);

  const evaluations = results.map((result) => join(result, calibratorName));
  const evaluation = await findCalibrator(evaluations, digest, variant);
  const measured = evaluation ? await measuredIn(dirname(evaluation.file), calibrator) : [];
  await writeFile(join(folder, "README.md"), modelCard({ ...facts, classifier, calibrator, measured }));
  if (measured.length > 0) await writeFile(join(folder, diagramName), cardDiagram(measured[0]));
  return calibrator;
}

/** Measures what evaluate has predicted: dev2, and the data's own test set where it has one. */
async function measuredIn(
  folder: string,
  calibrator: ModelCalibrator | undefined,
): Promise<readonly MeasuredSplit[]> {
  const measured: MeasuredSplit[] = [];
  for (const split of ["dev2", "test"]) {
    const file = join(folder, `predictions.${split}.jsonl`);
    if (!existsSync(file) || statSync(file).size === 0) continue; // the file of a set that isn't there is empty
    measured.push(measureSplit(split, await readPredictions(file), calibrator));
  }
  return measured;
}

function noCalibrator(name: string): InputError {
  return new InputError({
    found: `no calibrator of ${name}`,
    expected: "one, whose temperature can be made part of the model",
    fix: `Evaluate the model, or fit a calibrator: deno task calibrate ${name} FILE`,
  });
}
