import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Weight } from "../nn/checkpoint.ts";
import { writeSafetensors } from "../nn/safetensors.ts";
import { variantSchema } from "./variant.ts";

const descriptionSchema = z.object({
  variant: variantSchema,
  seed: z.int().describe("Of its training."),
  classes: z.array(z.string()),
  noiseRatio: z.int(),
  maxTokens: z.int(),
});

/** What a classifier's folder says beside its weights. */
export type ClassifierDescription = z.output<typeof descriptionSchema>;

/**
 * Writes a finetuned classifier into a new folder: a checkpoint like the one it started from, with the tokenizer, and
 * `classifier.json`.
 */
export async function writeClassifier(
  folder: string,
  checkpointFolder: string,
  { layers, ...description }: ClassifierDescription & { readonly layers: number },
  weights: ReadonlyMap<string, Weight>,
): Promise<void> {
  await mkdir(folder);
  const config = JSON.parse(await readFile(join(checkpointFolder, "config.json"), "utf8"));
  const changed = { ...config, num_hidden_layers: layers, num_labels: description.classes.length };
  await writeFile(join(folder, "config.json"), `${JSON.stringify(changed, null, 2)}\n`);
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
    await copyFile(join(checkpointFolder, name), join(folder, name));
  }
  await writeFile(join(folder, "classifier.json"), `${JSON.stringify(description, null, 2)}\n`);
  await writeSafetensors(join(folder, "model.safetensors"), weights);
}

/** Reads `classifier.json` of a finetuned classifier's folder. */
export async function readClassifierDescription(folder: string): Promise<ClassifierDescription> {
  return descriptionSchema.parse(JSON.parse(await readFile(join(folder, "classifier.json"), "utf8")));
}
