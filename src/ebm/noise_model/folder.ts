import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Variable } from "../../graph/graph.ts";
import { type Checkpoint, checkRows, initialValues, type Weight } from "../../nn/checkpoint.ts";
import { type TransformerConfig, transformerConfig } from "../../nn/config.ts";
import { decoderBias, wordEmbeddingsOf } from "../../nn/decoder.ts";
import { readJson } from "../../nn/json.ts";
import { readSafetensors, writeSafetensors } from "../../nn/safetensors.ts";
import { copyTokenizer, type Tokenizer } from "../../nn/tokenizer.ts";
import type { RandomStream } from "../../random.ts";
import { noiseSequenceOptions } from "./objective.ts";
import { type NoiseVocabulary, specialSources } from "./vocabulary.ts";

const descriptionSchema = z.object({
  config: transformerConfig,
  pieces: z.array(z.int()).readonly().describe("The tokenizer's ids of the vocabulary's pieces."),
  classes: z.int().describe("The number of classes that have a token, after the pieces."),
  sequence: noiseSequenceOptions.describe(
    "How the training sequences were made; sampling must make them the same way.",
  ),
});

/** A trained noise model, which its folder holds beside the tokenizer. */
export interface NoiseModel extends Readonly<z.output<typeof descriptionSchema>> {
  readonly weights: ReadonlyMap<string, Weight>;
}

/** Where the training of a noise model starts. */
export interface NoiseModelStart {
  readonly initialisation: "checkpoint" | "random";
  readonly layers?: number | undefined;
}

/**
 * Returns the noise model's sizes: the checkpoint's, but for the vocabulary and, if asked, the number of
 * layers.
 */
export function noiseModelConfig(
  config: TransformerConfig,
  vocabulary: NoiseVocabulary,
  { layers = config.layers }: NoiseModelStart,
): TransformerConfig {
  return { ...config, layers, vocabularySize: vocabulary.size };
}

/** Makes the weights that training starts from. Throws InputError where the checkpoint lacks one. */
export function startNoiseModel(
  variables: Iterable<Variable>,
  checkpoint: Checkpoint,
  tokenizer: Tokenizer,
  vocabulary: NoiseVocabulary,
  { initialisation }: NoiseModelStart,
  random: RandomStream,
): Map<string, Weight> {
  if (initialisation === "random") return initialValues(variables, checkpoint, { isNew: () => true, random });
  const table = `${wordEmbeddingsOf(checkpoint.config)}.weight`;
  const weights = new Map(checkpoint.weights);
  const full = weights.get(table);
  if (full) {
    checkRows(checkpoint, full, vocabulary.pieces);
    weights.set(table, vocabularyTable(full, tokenizer, vocabulary, random));
  }
  return initialValues(variables, { ...checkpoint, weights }, {
    isNew: (name) => name === decoderBias,
    random,
  });
}

/**
 * Selects the rows of the special tokens and of the pieces. A special token that the checkpoint lacks starts
 * at normal(0, 0.02), as does each class's.
 */
function vocabularyTable(
  { shape, data }: Weight,
  tokenizer: Tokenizer,
  vocabulary: NoiseVocabulary,
  random: RandomStream,
): Weight {
  const width = shape[1];
  const known = specialSources.map((names) =>
    names.map((name) => tokenizer.tokenToId(name)).find((id) => id !== undefined && id < shape[0])
  );
  const sources = [...known, ...vocabulary.pieces, ...new Array<undefined>(vocabulary.classes)];
  const table = new Float32Array(sources.length * width);
  for (const [row, source] of sources.entries()) {
    const target = table.subarray(row * width, (row + 1) * width);
    if (source === undefined) target.forEach((_, index) => target[index] = 0.02 * random.normal());
    else target.set(data.subarray(source * width, (source + 1) * width));
  }
  return { shape: [sources.length, width], data: table };
}

/** Writes a noise model into a new folder, with the tokenizer of the checkpoint that it started from. */
export async function writeNoiseModel(
  folder: string,
  checkpointFolder: string,
  { weights, ...description }: NoiseModel,
): Promise<void> {
  await mkdir(folder);
  await copyTokenizer(checkpointFolder, folder);
  await writeFile(join(folder, "noise-model.json"), `${JSON.stringify(description)}\n`);
  await writeSafetensors(join(folder, "model.safetensors"), weights);
}

/**
 * Reads what `writeNoiseModel` wrote, except the tokenizer. Throws InputError where it is missing or isn't a
 * noise model.
 */
export async function readNoiseModel(folder: string): Promise<NoiseModel> {
  const description = await readJson(join(folder, "noise-model.json"), descriptionSchema, {
    expected: "the description of a noise model that train-noise-model writes",
    fix: "Name the result of train-noise-model as the model.",
  });
  return { ...description, weights: await readSafetensors(join(folder, "model.safetensors")) };
}
