import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Robustness } from "../../src/analysis/robustness.ts";
import { readRows, writeRows } from "../../src/data/rows.ts";
import finetune from "../../stages/finetune.ts";
import robustness from "../../stages/robustness.ts";
import { withFiles } from "../data/files.ts";
import { runStage } from "./run_stage.ts";
import { writeTinyBert, writeTinyTask } from "./tiny_task.ts";

const files = {
  "tweets_GroundTruth.txt": "1\t1\tgood film\n2\t-1\tdull plot\n3\t2\tgreat cast",
  "tweets_anonDataRatings.txt": "1\t1\t0\t[1]\n2\t-1\t0\t[-1]\n3\t2\t0\t[2]",
  "oos.json": JSON.stringify({ oos_test: [["the plot and the cast", "oos"], ["a film", "oos"]] }),
  "noise.jsonl": [1, 2, 3, 4].map((n) => `{"id":"n${n}","text":"a the and"}\n`).join(""),
};

Deno.test("a classifier on replaced tokens, another domain and out-of-scope texts", async () => {
  await withFiles(files, async (folder) => {
    const at = (name: string) => join(folder, name);
    await Promise.all([writeTinyBert(at("bert")), writeTinyTask(at("data"))]);
    for (const name of ["classifier", "first", "reversed", "noise"]) await mkdir(at(name));
    await Deno.rename(at("noise.jsonl"), at("noise/train.jsonl"));
    await runStage(finetune, {
      parameters: { variant: "scalar", steps: 4, warmupSteps: 1, batchSize: 4, maxTokens: 32 },
      inputs: { data: at("data"), checkpoint: at("bert"), noise: at("noise") },
      output: at("classifier"),
    });
    const run = (output: string) =>
      runStage(robustness, {
        parameters: { rates: [0, 0.5], collections: ["tweets"], outOfScope: true, resamples: 50 },
        inputs: {
          data: at("data"),
          classifier: at("classifier"),
          collections: folder,
          outOfScope: at("oos.json"),
        },
        output: at(output),
      });
    await run("first");
    const predictions = (output: string, name: string) =>
      Deno.readTextFileSync(join(at(output), "predictions", `${name}.jsonl`)).trimEnd().split("\n");
    const found: Robustness = JSON.parse(Deno.readTextFileSync(join(at("first"), "robustness.json")));

    assert.equal(found.variant, "scalar");
    assert.deepEqual(Object.keys(found.sets), ["dev2", "replaced-0", "replaced-0.5", "tweets"]);
    assert.deepEqual(found.sets["replaced-0"], found.sets.dev2);
    assert.deepEqual(predictions("first", "replaced-0"), predictions("first", "dev2"));
    assert.notDeepEqual(predictions("first", "replaced-0.5"), predictions("first", "dev2"));
    assert.equal(found.sets.tweets.examples, 3);
    assert.deepEqual(Object.keys(found.detection), ["tweets", "out-of-scope"]);
    const { examples, scores } = found.detection["out-of-scope"];
    assert.equal(examples, 2);
    assert.ok("trainedEnergy" in scores);
    for (const { value, low, high } of Object.values(scores.maximumProbability!)) {
      assert.ok(low >= 0 && high <= 1 && value >= 0 && value <= 1);
    }
    assert.deepEqual(
      predictions("first", "out-of-scope").map((line) => Object.keys(JSON.parse(line))),
      Array(2).fill(["id", "logits", "energy"]),
    );

    const dev2 = join(at("data"), "dev2.jsonl");
    await writeRows(dev2, (await readRows(dev2)).reverse());
    await run("reversed");
    const logits = (output: string) =>
      new Map(
        predictions(output, "replaced-0.5").map((line) => JSON.parse(line)).map((
          { id, logits },
        ) => [id, logits]),
      );
    const [before, after] = [logits("first"), logits("reversed")];
    for (const [id, values] of before) {
      for (const [index, value] of values.entries()) {
        assert.ok(Math.abs(value - after.get(id)![index]) < 1e-5);
      }
    }

    for (const file of ["data/dataset.json", "classifier/model/classifier.json"]) {
      const described = JSON.parse(Deno.readTextFileSync(at(file)));
      Deno.writeTextFileSync(at(file), JSON.stringify({ ...described, classes: ["positive", "negative"] }));
    }
    await mkdir(at("other-classes"));
    await assert.rejects(
      run("other-classes"),
      /^InputError: found other collections, .*for the classes "positive", "negative", expected the classes negative/,
    );
  });
});
