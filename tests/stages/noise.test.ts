/**
 * Tests the noise model's stages on checkpoints other than the default one: GPT-2's architecture, and random
 * weights.
 */
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDataset } from "../../src/data/dataset.ts";
import { type NoiseRow, readNoiseRows, writeRows } from "../../src/data/rows.ts";
import { noiseObjective } from "../../src/ebm/noise_model/objective.ts";
import { writeSafetensors } from "../../src/nn/safetensors.ts";
import { randomStream } from "../../src/random.ts";
import sampleNoise from "../../stages/sample-noise.ts";
import trainNoiseModel from "../../stages/train-noise-model.ts";
import { runStage } from "./run_stage.ts";

const [hidden, layers, positions] = [16, 2, 64];

/**
 * Returns a character for each byte as GPT-2's tokenizer does: itself if it is printable, else one behind
 * Latin-1.
 */
function byteCharacters(): string[] {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let moved = 0;
  return Array.from(
    { length: 256 },
    (_, byte) => String.fromCodePoint(printable(byte) ? byte : 256 + moved++),
  );
}

/** Writes a GPT-2 checkpoint with random weights, laid out as GPT-2's are, and a tokenizer without merges. */
async function writeGpt2(folder: string): Promise<void> {
  const vocabulary = [...byteCharacters(), "<|endoftext|>"];
  const random = randomStream(1, "test");
  const weight = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => 0.1 * random.normal()),
  });
  const tensors: Record<string, ReturnType<typeof weight>> = {
    "transformer.wte.weight": weight(vocabulary.length, hidden),
    "transformer.wpe.weight": weight(positions, hidden),
    "transformer.ln_f.weight": weight(hidden),
    "transformer.ln_f.bias": weight(hidden),
  };
  for (let layer = 0; layer < layers; layer++) {
    const name = `transformer.h.${layer}`;
    for (const norm of ["ln_1", "ln_2"]) {
      for (const part of ["weight", "bias"]) tensors[`${name}.${norm}.${part}`] = weight(hidden);
    }
    const linear = (part: string, inputs: number, outputs: number) => {
      tensors[`${name}.${part}.weight`] = weight(inputs, outputs);
      tensors[`${name}.${part}.bias`] = weight(outputs);
    };
    linear("attn.c_attn", hidden, 3 * hidden);
    linear("attn.c_proj", hidden, hidden);
    linear("mlp.c_fc", hidden, 4 * hidden);
    linear("mlp.c_proj", 4 * hidden, hidden);
  }
  await writeSafetensors(join(folder, "model.safetensors"), new Map(Object.entries(tensors)));
  const config = {
    ...{
      model_type: "gpt2",
      vocab_size: vocabulary.length,
      n_embd: hidden,
      n_layer: layers,
      n_head: 2,
      n_positions: positions,
    },
    ...{
      layer_norm_epsilon: 1e-5,
      activation_function: "gelu_new",
      embd_pdrop: 0.1,
      resid_pdrop: 0.1,
      attn_pdrop: 0.1,
    },
  };
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const end = { id: 256, content: "<|endoftext|>", special: true };
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  const tokenizer = {
    ...{
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: [{ ...end, ...flags }],
      normalizer: null,
    },
    ...{ pre_tokenizer: byteLevel, post_processor: byteLevel, decoder: byteLevel },
    model: { type: "BPE", vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])), merges: [] },
  };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  await writeFile(join(folder, "tokenizer.json"), JSON.stringify(tokenizer));
  await writeFile(join(folder, "tokenizer_config.json"), "{}");
}

/** Folders with a checkpoint, a task of two texts with a class each, and room for what stages make of them. */
async function makeTask() {
  const root = await Deno.makeTempDir();
  const made = async (name: string) => {
    const folder = join(root, name);
    await mkdir(folder);
    return folder;
  };
  const [checkpoint, data] = [await made("checkpoint"), await made("data")];
  await writeGpt2(checkpoint);
  const rows = Array.from(
    { length: 40 },
    (_, index) => ({ id: `${index}`, text: index % 2 ? "abab" : "cd cd", label: index % 2 }),
  );
  for (const split of ["train", "tune", "dev1", "dev2"]) await writeRows(join(data, `${split}.jsonl`), rows);
  const counts = { rows: 40, perClass: [20, 20] };
  await writeDataset(data, {
    classes: ["c", "a"],
    pairs: false,
    splits: { train: counts, tune: counts, dev1: counts, dev2: counts },
    duplicates: { groups: 0, rows: 0, droppedFromTrain: 0 },
  });
  return { checkpoint, data, made, remove: () => Deno.remove(root, { recursive: true }) };
}

const training = { steps: 150, batchSize: 8, learningRate: 0.01, prefixTokens: 8, maxTokens: 16 };

function samplesIn(folder: string): Promise<NoiseRow[]> {
  return Array.fromAsync(readNoiseRows(new Map([["", folder]]), "train"));
}

for (const initialisation of ["checkpoint", "random"] as const) {
  Deno.test(`a GPT-2 folder gives a noise model and samples that end, with weights from: ${initialisation}`, async () => {
    const { checkpoint, data, made, remove } = await makeTask();
    const [model, noise] = [await made("model"), await made("noise")];

    const atMostFour = { initialisation, steps: 2, batchSize: 2, prefixTokens: 8, maxTokens: 4 };
    const [cut] = await runStage(trainNoiseModel, {
      parameters: atMostFour,
      inputs: { data, checkpoint },
      output: await made("cut"),
    });
    assert.equal(
      cut,
      'warning: 20 of 40 texts have more than 4 tokens (maxTokens) and are cut; for example "cd cd" at "0"',
    );

    await runStage(trainNoiseModel, {
      parameters: { ...training, initialisation },
      inputs: { data, checkpoint },
      output: model,
    });
    const { perplexity } = JSON.parse(await readFile(join(model, "metrics.json"), "utf8"));
    assert.ok(perplexity < 2, `two texts are soon known by heart; perplexity ${perplexity}`);

    await runStage(sampleNoise, {
      parameters: { samplesPerText: 2, evaluationTexts: 5, maxTokens: 16, batchSize: 32 },
      inputs: { data, model },
      output: noise,
    });
    const samples = await samplesIn(noise);
    const known = samples.filter(({ text }) => text === "abab" || text === "cd cd");
    assert.ok(known.length > 60, `${known.length} of 80 samples are one of the two texts`);
    assert.ok(samples.every(({ id, label }) => /^\d+#\d+$/.test(id) && label === undefined));

    await assert.rejects(
      runStage(sampleNoise, {
        parameters: { maxTokens: 1 },
        inputs: { data, model },
        output: await made("none"),
      }),
      /found no sample for train that is a text or pair and ends within 1 tokens/,
    );

    // The texts to evaluate on may be others, of which no sample ends in time: the pool is kept all the same.
    await writeRows(join(data, "dev2.jsonl"), [{ id: "d", text: "dcba", label: 0, pair: "abcd" }]);
    const lines = await runStage(sampleNoise, {
      parameters: { evaluationTexts: 1, maxTokens: 16, batchSize: 32 },
      inputs: { data, model },
      output: await made("no evaluation"),
    });
    assert.match(lines.join("\n"), /warning: 0 of 1 samples for evaluation were kept, since /);
    await remove();
  });
}

Deno.test("a noise model's training stops when patience ends, and keeps the step of the lowest perplexity", async () => {
  const { checkpoint, data, made, remove } = await makeTask();
  // What is held out is unlike the training texts, so learning these by heart makes it ever less likely.
  await writeRows(join(data, "tune.jsonl"), [{ id: "t", text: "dbca bd", label: 0 }]);
  const train = async (name: string, more: object) => {
    const output = await made(name);
    const parameters = { ...training, steps: 60, ...more };
    const [line] = await runStage(trainNoiseModel, { parameters, inputs: { data, checkpoint }, output });
    const [metrics, tune] = await Promise.all(
      ["metrics.json", "tune.jsonl"].map((file) => readFile(join(output, file), "utf8")),
    );
    const evaluations: { step: number; perplexity: number }[] = tune.trim().split("\n").map((each) =>
      JSON.parse(each)
    );
    return { line, ...JSON.parse(metrics), evaluations };
  };
  const last = await train("last", {});
  assert.deepEqual(last.evaluations.map(({ step }: { step: number }) => step), [60]);
  assert.deepEqual([last.steps, last.keptStep], [60, 60]);

  const best = await train("best", { evaluateEvery: 5, keep: "best", patience: 2 });
  const perplexities = best.evaluations.map(({ perplexity }: { perplexity: number }) => perplexity);
  const lowest = perplexities.indexOf(Math.min(...perplexities));
  assert.equal(best.perplexity, perplexities[lowest]);
  assert.equal(best.keptStep, 5 * (lowest + 1));
  assert.ok(best.steps < 60 && best.steps === best.keptStep + 10, `${best.steps}, ${best.keptStep}`);
  assert.match(best.line, /the lowest perplexity of \d+ evaluations; stopped after 2 evaluations/);

  const parse = (more: object) => trainNoiseModel.parameters.safeParse({ steps: 9, ...more }).error?.message;
  assert.match(parse({ keep: "best" })!, /evaluateEvery beside it/);
  assert.match(parse({ patience: 2 })!, /evaluateEvery beside it/);
  await remove();
});

for (const objective of noiseObjective.options.filter((objective) => objective !== "masked-prefix")) {
  Deno.test(`${objective}: the noise model writes the texts, each with its own label where there is one`, async () => {
    const { checkpoint, data, made, remove } = await makeTask();
    const [model, noise] = [await made("model"), await made("noise")];
    await runStage(trainNoiseModel, {
      parameters: { ...training, objective, prefixEnd: true },
      inputs: { data, checkpoint },
      output: model,
    });
    await runStage(sampleNoise, {
      parameters: { evaluationTexts: 5, maxTokens: 16, topK: 5 },
      inputs: { data, model },
      output: noise,
    });
    const samples = await samplesIn(noise);
    const label = (of: number) => objective.includes("labelled") ? of : undefined;
    const right = samples.filter((row) =>
      (row.text === "cd cd" && row.label === label(0)) || (row.text === "abab" && row.label === label(1))
    );
    assert.ok(right.length > 30, `${right.length} of 40 samples are a text with its label`);
    await remove();
  });
}

Deno.test("samples are the same bytes however many shards draw them, and the first alone draws those to evaluate on", async () => {
  const { checkpoint, data, made, remove } = await makeTask();
  const model = await made("model");
  await runStage(trainNoiseModel, {
    parameters: { ...training, steps: 5 },
    inputs: { data, checkpoint },
    output: model,
  });
  const shard = async (shard: number, shards: number) => {
    const output = await made(`${shard} of ${shards}`);
    await runStage(sampleNoise, {
      parameters: { samplesPerText: 3, evaluationTexts: 7, maxTokens: 40, shard, shards },
      inputs: { data, model },
      output,
    });
    const [train, evaluation] = await Promise.all(
      ["train", "evaluation"].map((use) => readFile(join(output, `${use}.jsonl`), "utf8")),
    );
    return { train, evaluation };
  };
  const whole = await shard(1, 1);
  assert.match(whole.train, /"\d+#1\d\d"/); // the third sample of some text
  assert.notEqual(whole.evaluation, "");
  for (const shards of [2, 3]) {
    const parts = [];
    for (let number = 1; number <= shards; number++) parts.push(await shard(number, shards));
    assert.ok(parts.every(({ train }) => train !== ""));
    assert.equal(parts.map(({ train }) => train).join(""), whole.train);
    assert.deepEqual(parts.map(({ evaluation }) => evaluation), [whole.evaluation, "", ""].slice(0, shards));
  }
  await assert.rejects(
    shard(1, 4),
    /found shards = 4, expected at most 3, since the samples are drawn in so many blocks/,
  );
  assert.throws(() => sampleNoise.parameters.parse({ shard: 2 }), /at most shards/);
  await remove();
});
