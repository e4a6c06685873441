/** Tests which step finetuning keeps, what it measures on the way, and which settings it refuses. */
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { forecastsFromLogits } from "../../src/calibration/predictions/forecasts.ts";
import { readRows, writeRows } from "../../src/data/rows.ts";
import { loadPredictor } from "../../src/ebm/classifier/predictor.ts";
import { finetuningParameters } from "../../src/ebm/classifier/finetuning_parameters.ts";
import { mean } from "../../src/statistics.ts";
import { remainingWeight } from "../../src/ebm/training/schedule.ts";
import { readCheckpoint } from "../../src/nn/checkpoint.ts";
import { digestOfFile } from "../../src/pipeline/store/digest.ts";
import finetune from "../../stages/finetune.ts";
import { assertClose } from "../close.ts";
import { inFolder } from "../in_folder.ts";
import { scratch } from "../scratch.ts";
import { runStage } from "./run_stage.ts";
import { writeTinyBert, writeTinyTask } from "./tiny_task.ts";

const training = { batchSize: 4, learningRate: 1e-3, warmupSteps: 5, maxTokens: 32 };
const task = { variant: "hidden", ...training };

/** Writes the tiny task with one noise text for each of its texts, and runs finetune on it. */
async function inTask(
  act: (run: (name: string, parameters: object) => Promise<Finetuned>, checkpoint: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (root) => {
    const [checkpoint, data, noise] = ["bert", "data", "noise"].map((name) => join(root, name));
    await Promise.all([writeTinyBert(checkpoint), writeTinyTask(data), mkdir(noise)]);
    const texts = await readRows(join(data, "train.jsonl"));
    const reversed = texts.map(({ id, text }) => ({
      id: `${id}#0`,
      text: text.split(" ").reverse().join(" "),
    }));
    await writeRows(join(noise, "train.jsonl"), reversed);
    await act(async (name, parameters) => {
      const output = join(root, name);
      await mkdir(output);
      const inputs = { data, checkpoint, noise };
      const summary = await runStage(finetune, { parameters, inputs, output });
      const model = join(output, "model");
      return { summary, model, nll: () => nllOnTune(output, data), ...await readOutput(output) };
    }, checkpoint);
  });
}

interface Finetuned {
  /** The classifier's folder. */
  readonly model: string;
  readonly summary: readonly string[];
  readonly tune: readonly Readonly<Record<string, number>>[];
  readonly kept: Readonly<Record<string, unknown>>;
  /** Predicts tune with the classifier that was written. */
  nll(): Promise<number>;
  readonly weights: Awaited<ReturnType<typeof readCheckpoint>>["weights"];
}

async function readOutput(output: string): Promise<Omit<Finetuned, "summary" | "model" | "nll">> {
  const tune = (await readFile(join(output, "tune.jsonl"), "utf8")).trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  const { kept } = JSON.parse(await readFile(join(output, "model/classifier.json"), "utf8"));
  return { tune, kept, weights: (await readCheckpoint(join(output, "model"))).weights };
}

async function nllOnTune(output: string, data: string): Promise<number> {
  const options = { precision: "float32", scratch, threads: 1 } as const;
  const { predict, encode, close } = await loadPredictor(join(output, "model"), options);
  const rows = await readRows(join(data, "tune.jsonl"));
  const { logits } = predict(rows.map(encode));
  close();
  const labels = Int32Array.from(rows, ({ label }) => label);
  return mean(forecastsFromLogits({ logits: Float64Array.from(logits), labels, classes: 2 }).losses);
}

Deno.test("the best step is kept with the weights that it had, also of words that no text has", async () => {
  await inTask(async (run, checkpoint) => {
    const settings = { ...task, steps: 60, evaluateEvery: 4, keep: "best", patience: 3, learningRate: 5e-3 };
    const best = await run("best", settings);
    const lowest = Math.min(...best.tune.map(({ nll }) => nll));
    const { step, lastStep, steps, why } = best.kept as Record<string, number>;
    assert.equal(best.tune.find(({ nll }) => nll === lowest)!.step, step);
    assert.deepEqual([lastStep, steps], [step + 12, 60]);
    assert.equal(
      why,
      `the lowest nll of ${best.tune.length} evaluations; stopped after 3 evaluations without a lower nll`,
    );
    assert.match(
      best.summary.at(-1)!,
      new RegExp(`^accuracy .* on tune at step ${step}, the lowest nll of `),
    );

    assertClose([await best.nll()], [lowest], 1e-6);

    // Without patience the same training goes on, and the last step is kept.
    const goneOn = await run("gone-on", { ...settings, patience: undefined, by: "accuracy", keep: "last" });
    assert.deepEqual(goneOn.tune.slice(0, best.tune.length), best.tune);
    assert.deepEqual(goneOn.kept, { step: 60, lastStep: 60, steps: 60, why: "the last step" });

    // [MASK], token 4, is in no text: its row only decays, until the step that was kept.
    const table = "embeddings.word_embeddings.weight";
    const start = (await readCheckpoint(checkpoint)).weights.get(table)!.data.subarray(4 * 16, 5 * 16);
    for (const { weights, kept } of [best, goneOn]) {
      const schedule = { ...settings, peak: settings.learningRate };
      const remaining = remainingWeight(schedule, 0.1, kept.step as number);
      assertClose(
        weights.get(table)!.data.subarray(4 * 16, 5 * 16),
        start.map((value) => value * remaining),
        1e-9,
      );
    }
    assertClose([await goneOn.nll()], [goneOn.tune.at(-1)!.nll], 1e-6);
  });
});

Deno.test("both classifiers of one training are those of trainings that keep one", async () => {
  await inTask(async (run) => {
    const settings = { ...task, steps: 24, evaluateEvery: 4, learningRate: 5e-3 };
    const both = await run("both", { ...settings, keep: "both" });
    const best = await run("best", { ...settings, keep: "best" });
    const last = await run("last", { ...settings, keep: "last" });
    assert.deepEqual(await filesOf(join(both.model, "best")), await filesOf(best.model));
    const { best: _, ...ofLast } = await filesOf(both.model);
    assert.deepEqual(ofLast, await filesOf(last.model));
    assert.notDeepEqual(best.kept, last.kept);
  });
});

/** Reads the files of a folder, by their names; a folder in it is an empty text. */
async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const files = await Array.fromAsync(Deno.readDir(folder), ({ name, isFile }) => {
    return [name, isFile ? digestOfFile(join(folder, name)) : ""] as const;
  });
  return Object.fromEntries(files);
}

Deno.test("evaluations measure ECE and, with noise held out, the contrast; noise that repeats is warned of", async () => {
  await inTask(async (run) => {
    const { tune, summary } = await run("contrast", {
      ...{ ...task, steps: 16, evaluateEvery: 8, heldOutNoise: 6, gradientAccumulationSteps: 2 },
    });
    assert.deepEqual(tune.map((one) => Object.keys(one)), [
      ["step", "accuracy", "nll", "ece", "noiseAccuracy"],
      ["step", "accuracy", "nll", "ece", "noiseAccuracy"],
    ]);
    for (const { ece, noiseAccuracy } of tune) {
      assert.ok(ece >= 0 && noiseAccuracy >= 0 && noiseAccuracy <= 1);
    }
    // 16 steps of two batches of 4, of 24 noise texts and 30 texts of the data
    assert.match(
      summary[0],
      /^warning: each noise text is seen 5\.3 times, each text of the data 4\.3 times; /,
    );

    await assert.rejects(run("few", { ...task, steps: 16, noiseRatio: 4, gradientAccumulationSteps: 2 }), {
      name: "InputError",
      message: /noise\/train\.jsonl: found 30 noise texts, expected at least 32 to draw from/,
    });
  });
});

Deno.test("patience without evaluateEvery, and a figure that isn't measured, are refused at their places", () => {
  const mistakes = (parameters: object) => {
    const { error } = finetuningParameters.safeParse({ variant: "hidden", steps: 9, ...parameters });
    return error?.issues.map(({ path, message }) => [path.join("."), message]);
  };
  assert.deepEqual(mistakes({ patience: 3 }), [["patience", "evaluateEvery beside it"]]);
  assert.deepEqual(mistakes({ patience: 3, evaluateEvery: 3 }), undefined);
  const [[place, message]] = mistakes({ keep: "best", by: "brier" })!;
  assert.equal(place, "by");
  assert.match(message, /"nll"\|"accuracy"\|"ece"/);
});
