/** Writes a classifier as `AutoModelForSequenceClassification` and `AutoTokenizer` of transformers load it. */

import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readEncoderConfig } from "../ebm/classifier/encoder.ts";
import { type ClassifierDescription, readClassifierDescription } from "../ebm/classifier/folder.ts";
import { InputError } from "../errors.ts";
import type { ModelCalibrator } from "../inference/calibrator_file.ts";
import { readCheckpoint } from "../nn/checkpoint.ts";
import type { EncoderFamily } from "../nn/family.ts";
import { writeSafetensors } from "../nn/safetensors.ts";
import { copyTokenizer } from "../nn/tokenizer.ts";
import { libraryClassifiers } from "./family.ts";
import { exportedWeights } from "./weights.ts";

/** The file of the scalar energy's head. */
export const energyHeadName = "energy_head.safetensors";

/** What a classifier is that was written for transformers. */
export interface ExportedClassifier extends ClassifierDescription {
  readonly family: EncoderFamily;
  /** Whether the softmax of its logits is calibrated. */
  readonly calibrated: boolean;
  /** By what its logits were divided; 1 where they are as they were trained. */
  readonly temperature: number;
}

/**
 * Writes a classifier of finetune's into a folder that is there. Its weights get the names that transformers
 * has for them, its configuration the names of its classes, its tokenizer the number of tokens that it reads.
 * A scalar energy's head is in a file of its own.
 *
 * @param calibrator Its temperature becomes part of the last layer; undefined leaves logits as they are.
 * @throws {InputError} where the classifier isn't complete, or its calibrator is more than a temperature
 */
export async function writeTransformersFolder(
  folder: string,
  model: string,
  calibrator?: ModelCalibrator,
): Promise<ExportedClassifier> {
  const description = await readClassifierDescription(model);
  const config = await readEncoderConfig(model, description);
  const family = config.family as EncoderFamily; // readEncoderConfig refuses GPT-2
  const temperature = calibrator ? foldableTemperature(calibrator) : 1;
  const shape = { config, variant: description.variant, classes: description.classes.length };
  const library = libraryClassifiers[family];
  const weights = exportedWeights(shape, await readCheckpoint(model), library, temperature);
  const inFolder = (name: string) => join(folder, name);
  await changeJson(
    join(model, "config.json"),
    inFolder("config.json"),
    (json) => changedConfig(json, family, description.classes),
  );
  await copyTokenizer(model, folder);
  for (const name of await readdir(folder)) await chmod(inFolder(name), 0o644); // what is in the store is read-only
  const limited = (json: Json) => ({ ...json, model_max_length: description.maxTokens });
  await changeJson(inFolder("tokenizer_config.json"), inFolder("tokenizer_config.json"), limited);
  await writeSafetensors(inFolder("model.safetensors"), weights.model);
  if (weights.energyHead) await writeSafetensors(inFolder(energyHeadName), weights.energyHead);
  return { ...description, family, calibrated: calibrator !== undefined, temperature };
}

/** Returns the number by which a calibrator divides logits. */
function foldableTemperature({ calibrator: { name, temperature } }: ModelCalibrator): number {
  if (temperature) return temperature.value;
  throw new InputError({
    found: `a calibrator that is more than a temperature (${name})`,
    expected: "a temperature, which the last layer can be divided by",
    fix: "Export without --calibrated, or fit a temperature: deno task calibrate MODEL FILE",
  });
}

/** What of a pretrained model's configuration isn't this model's: its name, version, code and precision. */
const foreign = ["_name_or_path", "transformers_version", "auto_map", "torch_dtype"];

function changedConfig(config: Json, family: EncoderFamily, classes: readonly string[]): Json {
  return {
    ...Object.fromEntries(Object.entries(config).filter(([name]) => !foreign.includes(name))),
    model_type: family,
    architectures: [libraryClassifiers[family].architecture],
    dtype: "float32",
    problem_type: "single_label_classification",
    num_labels: classes.length,
    id2label: Object.fromEntries(classes.map((name, id) => [id, name])),
    label2id: Object.fromEntries(classes.map((name, id) => [name, id])),
  };
}

type Json = Readonly<Record<string, unknown>>;

async function changeJson(from: string, to: string, change: (json: Json) => Json): Promise<void> {
  const json: Json = JSON.parse(await readFile(from, "utf8"));
  await writeFile(to, `${JSON.stringify(change(json), null, 2)}\n`);
}
