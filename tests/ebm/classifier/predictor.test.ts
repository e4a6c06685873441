/** Tests predictions with dropout left on, of which MC dropout takes the mean. */
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readRows } from "../../../src/data/rows.ts";
import { loadPredictor } from "../../../src/ebm/classifier/predictor.ts";
import { randomStream } from "../../../src/random.ts";
import finetune from "../../../stages/finetune.ts";
import { runStage } from "../../stages/run_stage.ts";
import { writeTinyBert, writeTinyTask } from "../../stages/tiny_task.ts";

/** Trains a tiny classifier for two steps, and returns its folder and the texts of dev1. */
async function trainedClassifier(root: string) {
  const [checkpoint, data, output] = ["bert", "data", "finetune"].map((name) => join(root, name));
  await writeTinyBert(checkpoint);
  await writeTinyTask(data);
  await mkdir(output);
  const parameters = { variant: "mc-dropout", steps: 2, batchSize: 4, learningRate: 1e-3, maxTokens: 32 };
  await runStage(finetune, { parameters, inputs: { data, checkpoint }, output });
  return { folder: join(output, "model"), texts: await readRows(join(data, "dev1.jsonl")) };
}

Deno.test("with dropout each pass differs, the same seed gives the same passes, and at a rate of 0 it is plain prediction", async () => {
  const root = await Deno.makeTempDir();
  const { folder, texts } = await trainedClassifier(root);
  const predict = async (passes: number, seed?: number) => {
    const scratch = await Deno.makeTempDir({ dir: root });
    const dropout = seed === undefined ? undefined : randomStream(seed, "dropout");
    const predictor = await loadPredictor(folder, { precision: "float32", scratch, threads: 1, dropout });
    const sequences = texts.map(predictor.encode);
    const logits = Array.from({ length: passes }, () => [...predictor.predict(sequences).logits]);
    predictor.close();
    return logits;
  };

  const [plain, again] = await predict(2);
  assert.deepEqual(again, plain);
  const [first, second] = await predict(2, 1);
  assert.notDeepEqual(second, first);
  assert.notDeepEqual(first, plain);
  assert.deepEqual(await predict(2, 1), [first, second]);

  const file = join(folder, "config.json");
  const config = JSON.parse(await readFile(file, "utf8"));
  const rates = { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 };
  await writeFile(file, JSON.stringify({ ...config, ...rates }));
  assert.deepEqual(await predict(1, 1), [plain]);
  await Deno.remove(root, { recursive: true });
});
