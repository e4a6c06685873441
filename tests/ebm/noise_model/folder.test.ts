/** A noise model starts as GPT-2 with added tokens, as transformers resizes it, or as a decoder made of an encoder. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { noiseModelConfig, startNoiseModel } from "../../../src/ebm/noise_model/folder.ts";
import { scoredFeeds } from "../../../src/ebm/noise_model/batch.ts";
import { noiseModelProgram } from "../../../src/ebm/noise_model/program.ts";
import { noiseVocabulary } from "../../../src/ebm/noise_model/vocabulary.ts";
import { weightFeeds } from "../../../src/ebm/training/weights.ts";
import { readCheckpoint } from "../../../src/nn/checkpoint.ts";
import { withDropout } from "../../../src/nn/config.ts";
import { partFeeds } from "../../../src/nn/packing.ts";
import type { Tokenizer } from "../../../src/nn/tokenizer.ts";
import { randomStream } from "../../../src/random.ts";
import { openSession } from "../../../src/runtime/session.ts";
import { assertClose } from "../../close.ts";
import { fixture } from "../../fixtures.ts";
import { scratch } from "../../scratch.ts";

interface Expected {
  /** The rows of <PAD>, <SEP>, <M> and the unknown token. */
  readonly new_rows: number[][];
  readonly input_ids: number[][];
  readonly labels: number[][];
  readonly loss: number;
  readonly grad_norm_before_clip: number;
  readonly losses_after_steps_1_to_4: number[];
}

/** Starts a noise model from a tiny checkpoint whose tokenizer knows only the token `end`, of this id. */
async function start(family: string, end: number) {
  const checkpoint = await readCheckpoint(fixture(`${family}-tiny-random`));
  const tokenToId = (token: string) => token === "<|endoftext|>" ? end : undefined;
  const tokenizer = { tokenToId } as Tokenizer;
  const ids = Array.from({ length: checkpoint.config.vocabularySize }, (_, id) => id);
  const pieces = ids.filter((id) => id !== end);
  const vocabulary = noiseVocabulary(tokenizer, pieces, 0);
  const from = { initialisation: "checkpoint" } as const;
  const config = withDropout(noiseModelConfig(checkpoint.config, vocabulary, from), 0);
  const options = { config, precision: "float32", weightDecay: 0.1, clipNorm: 1, parts: 1 } as const;
  const { program, variables } = noiseModelProgram(options);
  const random = randomStream(1, "noise-model/weights");
  const weights = startNoiseModel(variables, checkpoint, tokenizer, vocabulary, from, random);
  return { checkpoint, pieces, program, weights };
}

Deno.test("GPT-2 with added tokens trains as transformers trains it with resized embeddings", async () => {
  const expected: Expected = JSON.parse(readFileSync(fixture("gpt2-added-tokens.json"), "utf8"));
  const end = 147;
  const { checkpoint, pieces, program, weights } = await start("gpt2", end);
  const { shape: [rows, width], data } = weights.get("wte.weight")!;
  const row = (index: number) => [...data.subarray(index * width, (index + 1) * width)];
  const pretrained = checkpoint.weights.get("wte.weight")!.data;
  const pretrainedRow = (id: number) => [...pretrained.subarray(id * width, (id + 1) * width)];

  // Pads, separators, masks and unknown tokens start at normal(0, 0.02), all others as the checkpoint has them.
  assert.equal(rows, 6 + pieces.length);
  assert.deepEqual([0, 3, 4, 5].map(row), expected.new_rows);
  const drawn = expected.new_rows.flat();
  const deviation = Math.sqrt(drawn.reduce((sum, value) => sum + value ** 2, 0) / drawn.length);
  assert.ok(Math.abs(deviation - 0.02) < 0.003, `${deviation}`); // 2.4 times its own deviation
  assert.deepEqual([1, 2].map(row), [pretrainedRow(end), pretrainedRow(end)]);
  assert.deepEqual([6, rows - 1].map(row), [pretrainedRow(0), pretrainedRow(149)]);

  const ids = new Map([150, end, 154, 151, 152, 153, ...pieces].map((theirs, ours) => [theirs, ours]));
  const sequences = expected.input_ids.map((row, index) => ({
    ids: row.slice(0, -1).map((id) => ids.get(id)!),
    successors: expected.labels[index].filter((label) => label !== -100).map((id) => ids.get(id)!),
  }));
  const session = await openSession(program, { scratch, threads: 1 });
  session.run("assign", weightFeeds(weights));
  session.run("reset");
  const feeds = partFeeds(scoredFeeds(sequences, 0), 0);
  const steps = [1, 2, 3, 4, 5].map((step) =>
    session.run("train", { ...feeds, seed: 0, learningRate: 1e-3, step })
  );
  session.close();
  assertClose([steps[0].floats("norm")[0]], [expected.grad_norm_before_clip], 1e-5);
  const losses = [expected.loss, ...expected.losses_after_steps_1_to_4];
  assertClose(steps.map((step) => step.floats("loss")[0]), losses, 2e-5);
});

for (const family of ["bert", "roberta", "distilbert", "electra", "mpnet"]) {
  Deno.test(`a decoder made of ${family} starts from all weights of its encoder, and a bias of 0`, async () => {
    const { checkpoint, weights } = await start(family, 0);
    const isOfTable = (name: string) => name === "embeddings.word_embeddings.weight";
    for (const [name, { data }] of weights) {
      if (name === "decoder.bias") assert.ok(data.every((value) => value === 0));
      else if (!isOfTable(name)) assert.deepEqual(data, checkpoint.weights.get(name)!.data, name);
    }
    const heads = /^(decoder\.bias|classifier|pre_classifier|pooler)/;
    const encoder = [...checkpoint.weights.keys()].filter((name) => !heads.test(name));
    assert.deepEqual(encoder.filter((name) => !weights.has(name)), []);
  });
}
