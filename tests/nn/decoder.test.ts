/** A tiny random GPT-2, as Hugging Face transformers computes it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { noiseModelProgram } from "../../src/ebm/noise_model/program.ts";
import { sampleBatch } from "../../src/ebm/noise_model/sampling.ts";
import { samplerProgram } from "../../src/ebm/noise_model/sampler.ts";
import { weightFeeds } from "../../src/ebm/training/weights.ts";
import { Graph } from "../../src/graph/graph.ts";
import { assignments, compile } from "../../src/graph/program.ts";
import { attendWithin } from "../../src/nn/attention.ts";
import { type Checkpoint, initialValues, readCheckpoint } from "../../src/nn/checkpoint.ts";
import { withDropout } from "../../src/nn/config.ts";
import { decode, nextTokenLogits } from "../../src/nn/decoder.ts";
import { keep } from "../../src/nn/layers.ts";
import { pack, packedInputs, vector } from "../../src/nn/packing.ts";
import { randomStream } from "../../src/random.ts";
import { openSession } from "../../src/runtime/session.ts";
import { assertClose } from "../close.ts";
import { fixture } from "../fixtures.ts";
import { scratch } from "../scratch.ts";

interface Expected {
  readonly input_ids: number[][];
  readonly labels: number[][];
  readonly logits_first: number[];
  readonly logits_last: number[];
  readonly loss: number;
  readonly greedy_from_first_6: number[][];
}

const folder = fixture("gpt2-tiny-random");
const expected: Expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));

function reference(name: string, fn: (checkpoint: Checkpoint, expected: Expected) => Promise<void>) {
  Deno.test(name, async () => await fn(await readCheckpoint(folder), expected));
}

reference("a tiny GPT-2 gives the reference's logits", async (checkpoint, expected) => {
  const { config } = checkpoint;
  const graph = new Graph();
  const inputs = packedInputs(graph);
  const attend = attendWithin(inputs.packing, config, keep);
  const logits = nextTokenLogits(graph, config, decode(graph, config, inputs, attend, keep));
  const variables = [...graph.variables.values()];
  const program = compile(graph, {
    assign: assignments(graph, variables),
    run: { inputs: inputs.feeds, outputs: { logits } },
  });
  const session = await openSession(program, { scratch, threads: 1 });
  session.run("assign", weightFeeds(initialValues(variables, checkpoint)));
  const found = session.run("run", pack(expected.input_ids.map((ids) => ({ ids })), 0, true)).floats(
    "logits",
  );
  const length = expected.input_ids[0].length;
  const at = (position: number) =>
    expected.input_ids.flatMap((_, row) => {
      const start = (row * length + position) * config.vocabularySize;
      return [...found.subarray(start, start + config.vocabularySize)];
    });
  assertClose(at(0), expected.logits_first, 5e-6);
  assertClose(at(length - 1), expected.logits_last, 5e-6);
  session.close();
});

reference("its loss over some of the tokens is the reference's", async (checkpoint, expected) => {
  const config = withDropout(checkpoint.config, 0);
  const { program, variables } = noiseModelProgram({
    config,
    precision: "float32",
    weightDecay: 0,
    clipNorm: 1,
    parts: 1,
  });
  const session = await openSession(program, { scratch, threads: 1 });
  session.run("assign", weightFeeds(initialValues(variables, checkpoint)));
  const length = expected.input_ids[0].length;
  const pairs = expected.labels.flatMap((labels, row) =>
    labels.flatMap((label, index) =>
      label === -100 ? [] : [{ scored: row * length + index - 1, successor: label }]
    )
  );
  const losses = session.run("evaluate", {
    ...pack(expected.input_ids.map((ids) => ({ ids })), 0, true),
    scored: vector(pairs.map(({ scored }) => scored)),
    successors: vector(pairs.map(({ successor }) => successor)),
  }).floats("losses");
  assertClose([losses.reduce((a, b) => a + b) / losses.length], [expected.loss], 2e-6);
  session.close();
});

reference(
  "greedy decoding with the memory of keys and values continues as the reference does",
  async (checkpoint, expected) => {
    const { config } = checkpoint;
    const options = { config, precision: "float32", topK: 1, temperature: 1, never: [] } as const;
    const program = samplerProgram(options, checkpoint.weights);
    const session = await openSession(program, { scratch, threads: 1 });
    const prompts = expected.input_ids.map((ids) => ids.slice(0, 6));
    const wanted = expected.greedy_from_first_6.map((ids) => ids.slice(6));
    // Each continuation's last token is taken for the end, so that rows leave the batch where they repeat it.
    for (const [row, continuation] of wanted.entries()) {
      const end = continuation.at(-1)!;
      const samples = sampleBatch(
        session,
        prompts,
        { end, maxTokens: continuation.length, firstPosition: 0 },
        randomStream(1, "test"),
      );
      assert.deepEqual(samples[row], continuation.slice(0, continuation.indexOf(end)));
    }
    session.close();
  },
);
