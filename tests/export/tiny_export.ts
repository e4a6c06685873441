/** Makes classifiers of transformers' tiny random models as finetune writes them, and exports them. */
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeClassifier } from "../../src/ebm/classifier/folder.ts";
import { hasScalarHead, type Variant } from "../../src/ebm/classifier/variant.ts";
import { type ExportedClassifier, writeTransformersFolder } from "../../src/export/transformers_folder.ts";
import type { ModelCalibrator } from "../../src/inference/calibrator_file.ts";
import { readCheckpoint, type Weight } from "../../src/nn/checkpoint.ts";
import type { EncoderFamily } from "../../src/nn/family.ts";
import { randomStream } from "../../src/random.ts";
import { fixture } from "../fixtures.ts";

export const families = ["bert", "roberta", "distilbert", "electra", "mpnet"] as const;

/** What the exports' tokenizers know: the classes of three kinds of weather, and special tokens. */
const words = ["the", "sky", "is", "blue", "grey", "wet", "and", "cold", "warm", "##er", "today", ","];
const special = {
  bert: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
  mpnet: ["<s>", "<pad>", "</s>", "<unk>", "[UNK]", "<mask>"],
};

/** Texts of different lengths, that the tokenizers split into tokens which the tiny models have. */
export function textsFor(family: EncoderFamily): readonly string[] {
  // Of a byte-level vocabulary, the tiny RoBERTa has room for letters alone, without the space before a word.
  if (family === "roberta") return ["Q", "XQ", "QXZJK", "ZZQQXXJJKKVV".repeat(6)];
  return ["Blue!", "the sky is blue", "WET, and colder today", "the sky is grey and ".repeat(12)];
}

/** The classes, whose names need care in JSON, YAML, Markdown and SVG. */
export const classes = ["sun & *rain*", 'it\'s "grey": | #1', "<b>wet</b>"];

export const maxTokens = 20;

/** Writes a classifier as finetune does. Its head for energies, where it has one, is random. */
export async function writeTrained(root: string, family: EncoderFamily, variant: Variant): Promise<string> {
  const [checkpoint, model] = [join(root, `${family}-checkpoint`), join(root, `${family}-trained`)];
  await mkdir(checkpoint);
  for (const name of ["config.json", "model.safetensors"]) {
    await copyFile(fixture(`${family}-tiny-random/${name}`), join(checkpoint, name));
  }
  await writeTokenizer(checkpoint, family);
  const { weights, config } = await readCheckpoint(checkpoint);
  const random = randomStream(1, "energy head");
  const drawn = (...shape: number[]): Weight => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => 0.5 * random.normal());
    return { shape, data };
  };
  const size = config.hiddenSize;
  const energy: [string, Weight][] = [
    ["energy.dense.weight", drawn(size, size)],
    ["energy.dense.bias", drawn(size)],
    ["energy.out_proj.weight", drawn(1, size)],
    ["energy.out_proj.bias", drawn(1)],
  ];
  const kept = { step: 2, lastStep: 2, steps: 2, why: "the last step" };
  await writeClassifier(
    model,
    checkpoint,
    { variant, classes, seed: 1, noiseRatio: 1, maxTokens, kept, layers: config.layers },
    new Map([...weights, ...(hasScalarHead(variant) ? energy : [])]),
  );
  return model;
}

async function writeTokenizer(folder: string, family: EncoderFamily): Promise<void> {
  if (family === "roberta") {
    for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
      await copyFile(fixture(`paper-smoke/roberta/${name}`), join(folder, name));
    }
    return;
  }
  const tokens = [...(family === "mpnet" ? special.mpnet : special.bert), ...words];
  await writeFile(join(folder, "vocab.txt"), tokens.map((token) => `${token}\n`).join(""));
  await writeFile(join(folder, "tokenizer_config.json"), "{}");
}

/** Exports a classifier into a new folder. */
export async function exportTo(
  folder: string,
  model: string,
  calibrator?: ModelCalibrator,
): Promise<ExportedClassifier> {
  await mkdir(folder);
  return await writeTransformersFolder(folder, model, calibrator);
}
