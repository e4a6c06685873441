import { join } from "node:path";
import { InputError } from "../errors.ts";
import type { Variable } from "../graph/graph.ts";
import type { Weight, Weights } from "../graph/weights.ts";
import type { RandomStream } from "../random.ts";
import type { TransformerConfig } from "./config.ts";
import { readConfig } from "./read_config.ts";
import type { Family } from "./family.ts";
import { readWeights } from "./weight_files.ts";

export type { Weight };

/** A pretrained model as it was read from a folder. */
export interface Checkpoint {
  readonly folder: string;
  readonly config: TransformerConfig;
  /**
   * The weights by the names that our models use, which have no prefix. Linear layers are [outputs, inputs]
   * throughout, as PyTorch has them.
   */
  readonly weights: Weights;
}

/**
 * Reads `config.json` and the safetensors files of a checkpoint. Throws InputError for broken files, and for
 * those that don't belong together.
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const config = await readConfig(folder);
  const tensors = await readWeights(folder);
  checkFamily(folder, config, tensors.keys());
  const weights = new Map<string, Weight>();
  for (const [name, { shape, data }] of tensors) {
    for (const [ours, weight] of translate(canonicalName(name, config), { shape, data }, config)) {
      weights.set(ours, weight);
    }
  }
  return { folder, config, weights };
}

/**
 * Returns the value that each variable starts from: the checkpoint's weight, or, where `fresh.isNew` says
 * that the checkpoint has none, a fresh one. Fresh weights are drawn from normal(0, 0.02) and fresh biases
 * are 0, as in BERT and GPT-2. Throws InputError where a weight is missing or has another shape.
 */
export function initialValues(
  variables: Iterable<Variable>,
  { folder, weights }: Pick<Checkpoint, "folder" | "weights">,
  fresh?: { readonly isNew: (name: string) => boolean; readonly random: RandomStream },
): Map<string, Weight> {
  const file = join(folder, "model.safetensors");
  return new Map(Array.from(variables, ({ name, shape }) => {
    if (fresh?.isNew(name)) return [name, freshWeight(name, shape, fresh.random)];
    const weight = weights.get(name);
    if (weight && `${weight.shape}` === `${shape}`) return [name, weight];
    throw new InputError({
      at: { file },
      found: weight ? `${name} of shape [${weight.shape}]` : `no tensor "${name}"`,
      expected: `${name} of shape [${shape}]`,
      fix: "Use a checkpoint whose config.json and model.safetensors belong together.",
    });
  }));
}

/** Throws InputError where a tokenizer's ids reach beyond the rows of the table of word embeddings. */
export function checkRows(
  { folder }: Pick<Checkpoint, "folder">,
  { shape: [rows] }: Weight,
  ids: Iterable<number>,
): void {
  for (const id of ids) {
    if (id < rows) continue;
    throw new InputError({
      at: { file: join(folder, "tokenizer.json") },
      found: `a token with the id ${id}`,
      expected: `ids below ${rows}, the rows of the word embeddings in model.safetensors`,
      fix: "Use a checkpoint whose tokenizer.json and model.safetensors belong together.",
    });
  }
}

/** What stands before the names of a family's weights in checkpoints that have a head. */
const prefixes: Readonly<Record<Family, string>> = {
  bert: "bert.",
  roberta: "roberta.",
  distilbert: "distilbert.",
  electra: "electra.",
  mpnet: "mpnet.",
  gpt2: "transformer.",
};

/**
 * Throws InputError where a weight's name has the prefix of another family, as a mistaken config.json shows.
 */
function checkFamily(folder: string, { family }: TransformerConfig, names: Iterable<string>): void {
  const others = Object.values(prefixes).filter((prefix) => prefix !== prefixes[family]);
  for (const name of names) {
    if (family === "distilbert" && name.startsWith("transformer.layer.")) continue; // a name without prefix
    if (!others.some((prefix) => name.startsWith(prefix))) continue;
    throw new InputError({
      at: { file: join(folder, "config.json") },
      found: `a model of the type ${family}, whose weights have "${name}"`,
      expected: "a configuration and weights of one family",
      fix: 'Correct "model_type" in config.json, or use a checkpoint whose files belong together.',
    });
  }
}

function freshWeight(name: string, shape: readonly number[], random: RandomStream): Weight {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  if (/(LayerNorm|layer_norm|\bln_\w+)\.weight$/.test(name)) data.fill(1);
  else if (!name.endsWith("bias")) {
    for (let index = 0; index < data.length; index++) data[index] = 0.02 * random.normal();
  }
  return { shape, data };
}

/** Returns a weight's name without its family's prefix, and as the library writes it since its first versions. */
function canonicalName(name: string, { family }: TransformerConfig): string {
  const prefix = prefixes[family];
  return (name.startsWith(prefix) ? name.slice(prefix.length) : name)
    .replace(/(LayerNorm|layer_norm)\.gamma$/, "$1.weight")
    .replace(/(LayerNorm|layer_norm)\.beta$/, "$1.bias");
}

/**
 * Translates a weight of a checkpoint into ours. GPT-2 stores linear layers as [inputs, outputs], with query,
 * key and value side by side in one of them.
 */
function translate(name: string, weight: Weight, { family }: TransformerConfig): [string, Weight][] {
  if (family !== "gpt2" || !/\.c_(attn|proj|fc)\./.test(name)) return [[name, weight]];
  const ours = weight.shape.length === 2 ? transposed(weight) : weight;
  if (!name.includes("c_attn")) return [[name, ours]];
  const third = ours.data.length / 3;
  const shape = [ours.shape[0] / 3, ...ours.shape.slice(1)];
  return ["query", "key", "value"].map((part, index) => [
    name.replace("c_attn", part),
    { shape, data: ours.data.subarray(index * third, (index + 1) * third) },
  ]);
}

function transposed({ shape: [rows, columns], data }: Weight): Weight {
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = data[row * columns + column];
    }
  }
  return { shape: [columns, rows], data: result };
}
