/**
 * Each family's folder goes through the stages that train a noise model and a classifier. Its weights are
 * transformers' tiny random ones, and its tokenizer is a vocab.txt.
 */
import assert from "node:assert/strict";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readRows, writeRows } from "../../src/data/rows.ts";
import { loadPredictor } from "../../src/ebm/classifier/predictor.ts";
import { readNoiseModel } from "../../src/ebm/noise_model/folder.ts";
import { readSafetensors } from "../../src/nn/safetensors.ts";
import finetune from "../../stages/finetune.ts";
import trainNoiseModel from "../../stages/train-noise-model.ts";
import { fixture } from "../fixtures.ts";
import { inFolder } from "../in_folder.ts";
import { runStage } from "./run_stage.ts";
import { writeTinyTask } from "./tiny_task.ts";

const special = {
  distilbert: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
  electra: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
  mpnet: ["<s>", "<pad>", "</s>", "<unk>", "[UNK]", "<mask>"],
};

/** Writes a checkpoint of 60 tokens that knows the words of these texts. */
async function writeCheckpoint(folder: string, family: keyof typeof special, texts: readonly string[]) {
  await mkdir(folder);
  for (const name of ["config.json", "model.safetensors"]) {
    await copyFile(fixture(`${family}-tiny-random/${name}`), join(folder, name));
  }
  const tokens = new Set([...special[family], ...texts.flatMap((text) => text.split(" "))]);
  await writeFile(join(folder, "vocab.txt"), [...tokens].map((token) => `${token}\n`).join(""));
  await writeFile(join(folder, "tokenizer_config.json"), "{}");
}

/** Returns the names of all weights of a checkpoint, without the family's prefix. */
async function namesIn(folder: string, family: string): Promise<string[]> {
  const weights = await readSafetensors(join(folder, "model.safetensors"));
  return [...weights.keys()].map((name) => name.replace(`${family}.`, "")).sort();
}

for (const family of Object.keys(special) as (keyof typeof special)[]) {
  Deno.test(`${family} becomes a noise model and a classifier, whose weights have transformers' names`, async () => {
    await inFolder(async (root) => {
      const at = (name: string) => join(root, name);
      await writeTinyTask(at("data"));
      const rows = await readRows(join(at("data"), "train.jsonl"));
      await writeCheckpoint(at("checkpoint"), family, rows.map(({ text }) => text));
      await mkdir(at("noise"));
      await writeRows(
        join(at("noise"), "train.jsonl"),
        rows.map(({ id, text }) => ({ id: `${id}#0`, text })),
      );
      const inputs = { data: at("data"), checkpoint: at("checkpoint"), noise: at("noise") };
      const parameters = { steps: 2, batchSize: 4, maxTokens: 16 };

      await mkdir(at("noise-model"));
      await runStage(trainNoiseModel, {
        parameters: { ...parameters, prefixTokens: 8 },
        inputs,
        output: at("noise-model"),
      });
      const { config, pieces } = await readNoiseModel(join(at("noise-model"), "model"));
      assert.equal(config.vocabularySize, 6 + pieces.length);

      await mkdir(at("classifier"));
      await runStage(finetune, {
        parameters: { ...parameters, variant: "scalar" },
        inputs,
        output: at("classifier"),
      });
      const model = join(at("classifier"), "model");
      const energy = ["dense", "out_proj"].flatMap((
        name,
      ) => [`energy.${name}.bias`, `energy.${name}.weight`]);
      const expected = [...await namesIn(at("checkpoint"), family), ...energy].sort();
      assert.deepEqual(await namesIn(model, family), expected);
      const predictor = await loadPredictor(model, { precision: "float32", scratch: root, threads: 1 });
      const { logits } = predictor.predict(rows.map((row) => predictor.encode(row)));
      predictor.close();
      assert.equal(logits.length, 2 * rows.length);
      assert.ok(logits.every(Number.isFinite));
    });
  });
}
