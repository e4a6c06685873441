/** Tests noise that an encoder makes by filling masks, on a task of a dozen words. */
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readNoiseRows, readRows, writeRows } from "../../src/data/rows.ts";
import { readSafetensors, writeSafetensors } from "../../src/nn/safetensors.ts";
import { randomStream } from "../../src/random.ts";
import fillNoise from "../../stages/fill-noise.ts";
import { inFolder } from "../in_folder.ts";
import { runStage } from "./run_stage.ts";
import { writeTinyBert, writeTinyTask } from "./tiny_task.ts";

/** Adds a head for masked tokens, with random weights, to the checkpoint that `writeTinyBert` wrote. */
async function addHead(folder: string): Promise<void> {
  const file = join(folder, "model.safetensors");
  const weights = await readSafetensors(file);
  const [vocabulary, hidden] = weights.get("embeddings.word_embeddings.weight")!.shape;
  const random = randomStream(1, "head");
  const weight = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
  });
  const transform = "cls.predictions.transform";
  await writeSafetensors(
    file,
    new Map([
      ...weights,
      [`${transform}.dense.weight`, weight(hidden, hidden)],
      [`${transform}.dense.bias`, weight(hidden)],
      [`${transform}.LayerNorm.weight`, weight(hidden)],
      [`${transform}.LayerNorm.bias`, weight(hidden)],
      ["cls.predictions.bias", weight(vocabulary)],
    ]),
  );
}

Deno.test("masks of texts and of pairs are filled, the rest stays, and shards draw the same", () =>
  inFolder(async (root) => {
    const [checkpoint, data] = [join(root, "bert"), join(root, "data")];
    await writeTinyBert(checkpoint);
    await writeTinyTask(data);
    const fill = async (name: string, parameters: object) => {
      const output = join(root, name);
      await mkdir(output);
      await runStage(fillNoise, {
        parameters: { maxTokens: 32, ...parameters },
        inputs: { data, checkpoint },
        output,
      });
      return output;
    };
    await assert.rejects(fill("refused", {}), /found no tensor "cls\.predictions\.bias"/);
    await addHead(checkpoint);

    for (const pairs of [false, true]) {
      const train = (await readRows(join(data, "train.jsonl")))
        .map((row, index) => pairs ? { ...row, pair: index % 2 ? "good film" : "the dull plot" } : row);
      await writeRows(join(data, "train.jsonl"), train);
      const whole = await fill(`whole-${pairs}`, { samplesPerText: 5, evaluationTexts: 4, batchSize: 16 });
      const noise = await Array.fromAsync(readNoiseRows(new Map([["", whole]]), "train"));
      assert.equal(noise.length, 150);
      const words = [0, 1].flatMap((part) =>
        noise.flatMap(({ text, pair }, index) => {
          const [now, before] = [{ text, pair }, train[index % 30]].map((row) =>
            (part === 0 ? row.text : row.pair)?.split(" ") ?? []
          );
          assert.equal(now.length, before.length);
          return now.map((word, at) => word === before[at]);
        })
      );
      const kept = words.filter((same) => same).length / words.length;
      assert.ok(kept > 0.55 && kept < 0.8, `${kept} of the words stay`); // 60 % aren't masked, some others come back
      assert.ok(noise.every(({ text, pair = "" }) => !/[[\]]/.test(text + pair)));

      const shard = async (shard: number) =>
        await fill(`${shard}-${pairs}`, {
          samplesPerText: 5,
          evaluationTexts: 4,
          batchSize: 16,
          shard,
          shards: 3,
        });
      const shards = [await shard(1), await shard(2), await shard(3)];
      for (const use of ["train", "evaluation"]) {
        const [all, ...parts] = await Promise.all(
          [whole, ...shards].map((folder) => readFile(join(folder, `${use}.jsonl`), "utf8")),
        );
        assert.equal(parts.join(""), all);
      }
    }
  }));
