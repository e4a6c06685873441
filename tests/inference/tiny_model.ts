/** Makes a classifier on texts of a dozen words, with its evaluation, by the stages themselves. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readRows, writeRows } from "../../src/data/rows.ts";
import evaluate from "../../stages/evaluate.ts";
import finetune from "../../stages/finetune.ts";
import { runStage } from "../stages/run_stage.ts";
import { writeTinyBert, writeTinyTask } from "../stages/tiny_task.ts";

export interface TinyModel {
  /** The folder of the classifier. */
  readonly model: string;
  /** The folder of what evaluate wrote. */
  readonly evaluation: string;
  /** The folder of the prepared texts. */
  readonly data: string;
}

/** Trains a classifier for two steps and evaluates it, in folders below `root`. */
export async function writeTinyModel(root: string, variant = "hidden"): Promise<TinyModel> {
  const [checkpoint, data, noise, classifier, evaluation] = [
    ...["bert", "data", "noise", "finetune", "evaluate"].map((name) => join(root, name)),
  ];
  await writeTinyBert(checkpoint);
  await writeTinyTask(data);
  for (const folder of [noise, classifier, evaluation]) await mkdir(folder);
  const texts = (await readRows(join(data, "train.jsonl"))).map(({ id, text }) => ({ id: `${id}#0`, text }));
  for (const file of ["train.jsonl", "evaluation.jsonl"]) await writeRows(join(noise, file), texts);
  const parameters = { variant, steps: 2, batchSize: 4, learningRate: 1e-3, maxTokens: 16 };
  await runStage(finetune, { parameters, inputs: { data, checkpoint, noise }, output: classifier });
  await runStage(evaluate, {
    parameters: { variant },
    inputs: { data, noise, classifier },
    output: evaluation,
  });
  return { model: join(classifier, "model"), evaluation, data };
}
