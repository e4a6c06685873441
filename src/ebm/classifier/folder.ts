import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import type { Weight } from "../../nn/checkpoint.ts";
import { readJson } from "../../nn/json.ts";
import { writeSafetensors } from "../../nn/safetensors.ts";
import { copyTokenizer } from "../../nn/tokenizer.ts";
import { variantSchema } from "./variant.ts";

const descriptionSchema = z.object({
  variant: variantSchema,
  seed: z.int().describe("Seed of its training."),
  classes: z.array(z.string()),
  noiseRatio: z.int(),
  maxTokens: z.int(),
});

/** The contents of `classifier.json`, which say how the classifier was trained and how it reads texts. */
export type ClassifierDescription = z.output<typeof descriptionSchema>;

/** The part of it that decides how texts are predicted. */
export type ReadsTexts = Pick<ClassifierDescription, "variant" | "classes" | "maxTokens">;

/**
 * Writes a finetuned classifier into a new folder: a checkpoint like the pretrained one, its tokenizer, and
 * `classifier.json`. Weights are written in float32, whatever they were in the checkpoint, and `config.json`
 * says so.
 */
export async function writeClassifier(
  folder: string,
  checkpointFolder: string,
  { layers, ...description }: ClassifierDescription & { readonly layers: number },
  weights: ReadonlyMap<string, Weight>,
): Promise<void> {
  await mkdir(folder);
  const config = JSON.parse(await readFile(join(checkpointFolder, "config.json"), "utf8"));
  const changed = {
    ...config,
    ...Object.fromEntries(
      ["torch_dtype", "dtype"].filter((name) => name in config).map((name) => [name, "float32"]),
    ),
    [layersField(config)]: layers,
    num_labels: description.classes.length,
  };
  await writeFile(join(folder, "config.json"), `${JSON.stringify(changed, null, 2)}\n`);
  await copyTokenizer(checkpointFolder, folder);
  await writeFile(join(folder, "classifier.json"), `${JSON.stringify(description, null, 2)}\n`);
  await writeSafetensors(join(folder, "model.safetensors"), weights);
}

/** Returns the name that a model's config.json has for the number of its layers: DistilBERT has its own. */
function layersField({ model_type }: { readonly model_type?: string }): string {
  return model_type === "distilbert" ? "n_layers" : "num_hidden_layers";
}

/**
 * Reads `classifier.json` from a finetuned classifier's folder. Throws InputError where it is missing or
 * isn't one.
 */
export function readClassifierDescription(folder: string): Promise<ClassifierDescription> {
  return readJson(join(folder, "classifier.json"), descriptionSchema, {
    expected: "the description of a classifier that finetune writes",
    fix: "Name the result of finetune as the classifier.",
  });
}

/**
 * Throws InputError where a data set's classes or their order differ from the classifier's, since labels are
 * indices into them.
 */
export function checkClasses({ classes }: ClassifierDescription, ofData: readonly string[]): void {
  const count = Math.max(classes.length, ofData.length);
  const wrong = Array.from({ length: count }, (_, index) => index).find((index) =>
    classes[index] !== ofData[index]
  );
  if (wrong === undefined) return;
  const [found, expected] = [ofData, classes].map((names) =>
    names[wrong] === undefined ? "none" : `"${names[wrong]}"`
  );
  throw new InputError({
    found: `${found} as the data's class ${wrong}`,
    expected: `${expected}, as the classifier was trained on`,
    fix: "Evaluate a classifier on the data that it was finetuned on, or finetune it on these.",
  });
}
