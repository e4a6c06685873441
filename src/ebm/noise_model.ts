import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Variable } from "../graph/graph.ts";
import { type Checkpoint, initialValues, type Weight } from "../nn/checkpoint.ts";
import type { TransformerConfig } from "../nn/config.ts";
import { decoderBias, wordEmbeddingsOf } from "../nn/decoder.ts";
import { readSafetensors, writeSafetensors } from "../nn/safetensors.ts";
import type { Tokenizer } from "../nn/tokenizer.ts";
import type { RandomStream } from "../random.ts";
import type { NoiseSequenceOptions } from "./noise_batch.ts";
import { type NoiseVocabulary, specialSources } from "./noise_vocabulary.ts";

/** A trained noise model, as its folder holds it. */
export interface NoiseModel {
  readonly config: TransformerConfig;
  readonly weights: ReadonlyMap<string, Weight>;
  /** The tokenizer's ids of the vocabulary's pieces. */
  readonly pieces: readonly number[];
  /** How the training sequences were made; sampling must make them the same way. */
  readonly sequence: NoiseSequenceOptions;
}

export interface NoiseModelStart {
  readonly initialisation: "checkpoint" | "random";
  readonly layers?: number;
}

/** The noise model's sizes: the checkpoint's, but for the vocabulary and, if asked, the number of layers. */
export function noiseModelConfig(
  config: TransformerConfig,
  vocabulary: NoiseVocabulary,
  { layers = config.layers }: NoiseModelStart,
): TransformerConfig {
  return { ...config, layers, vocabularySize: vocabulary.size };
}

/** The weights that training starts from. Throws InputError where the checkpoint lacks one. */
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
  weights.set(table, vocabularyTable(weights.get(table)!, tokenizer, vocabulary, random));
  return initialValues(variables, { ...checkpoint, weights }, {
    isNew: (name) => name === decoderBias,
    random,
  });
}

/** The rows of the special tokens and of the pieces; a special token that the checkpoint lacks starts at normal(0, 0.02). */
function vocabularyTable(
  { shape, data }: Weight,
  tokenizer: Tokenizer,
  vocabulary: NoiseVocabulary,
  random: RandomStream,
): Weight {
  const width = shape[1];
  const known = specialSources.map((names) =>
    names.map((name) => tokenizer.tokenToId(name)).find((id) => id !== undefined)
  );
  const sources = [...known, ...vocabulary.pieces];
  const table = new Float32Array(sources.length * width);
  for (const [row, source] of sources.entries()) {
    const target = table.subarray(row * width, (row + 1) * width);
    if (source === undefined) target.forEach((_, index) => target[index] = 0.02 * random.normal());
    else target.set(data.subarray(source * width, (source + 1) * width));
  }
  return { shape: [sources.length, width], data: table };
}

/** Writes a noise model into a new folder. */
export async function writeNoiseModel(
  folder: string,
  { weights, ...description }: NoiseModel,
): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "noise-model.json"), `${JSON.stringify(description)}\n`);
  await writeSafetensors(join(folder, "model.safetensors"), weights);
}

/** Reads what writeNoiseModel wrote. */
export async function readNoiseModel(folder: string): Promise<NoiseModel> {
  const description = JSON.parse(await readFile(join(folder, "noise-model.json"), "utf8")) as Omit<
    NoiseModel,
    "weights"
  >;
  return { ...description, weights: await readSafetensors(join(folder, "model.safetensors")) };
}
