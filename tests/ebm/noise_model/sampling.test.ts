/** Compares greedy decoding with a memory of keys and values with a model that reads every text anew. */
import assert from "node:assert/strict";
import { sampleBatch } from "../../../src/ebm/noise_model/sampling.ts";
import { samplerProgram } from "../../../src/ebm/noise_model/sampler.ts";
import { weightFeeds } from "../../../src/ebm/training/weights.ts";
import { Graph } from "../../../src/graph/graph.ts";
import { gather } from "../../../src/graph/ops.ts";
import { assignments, compile } from "../../../src/graph/program.ts";
import { attendWithin } from "../../../src/nn/attention.ts";
import type { TransformerConfig } from "../../../src/nn/config.ts";
import { decode, nextTokenLogits } from "../../../src/nn/decoder.ts";
import { keep } from "../../../src/nn/layers.ts";
import { pack, packedInputs, vector } from "../../../src/nn/packing.ts";
import { randomStream } from "../../../src/random.ts";
import { openSession } from "../../../src/runtime/session.ts";
import { scratch } from "../../scratch.ts";
import { randomWeights, tinyConfig } from "../../tiny_classifier.ts";

const maxTokens = 40; // the memory grows twice, with prompts of six tokens
const unheard = 50; // no token: nothing ends

/** Builds a model that reads all tokens of a text at once and completes it with the likeliest ones. */
async function tinyDecoder(config: TransformerConfig) {
  const graph = new Graph();
  const inputs = packedInputs(graph);
  const last = graph.placeholder("last", "int32", ["last"]);
  const attend = attendWithin(inputs.packing, config, keep);
  const hidden = gather(decode(graph, config, inputs, attend, keep), last);
  const logits = nextTokenLogits(graph, config, hidden);
  const variables = [...graph.variables.values()];
  const weights = randomWeights(variables);
  // With small weights it would only repeat a token.
  for (const [name, { data }] of weights) {
    if (/position|dense|self|attn|relative/.test(name)) {
      data.forEach((value, index) => data[index] = 8 * value);
    }
  }
  const program = compile(graph, {
    assign: assignments(graph, variables),
    read: { inputs: { ...inputs.feeds, last }, outputs: { logits } },
  });
  const session = await openSession(program, { scratch, threads: 1 });
  session.run("assign", weightFeeds(weights));
  const likeliest = (ids: readonly number[]) => {
    const found = session.run("read", { ...pack([{ ids }], 0, true), last: vector([ids.length - 1]) })
      .floats("logits");
    return found.indexOf(Math.max(...found));
  };
  const complete = (prompt: readonly number[]) => {
    const ids = [...prompt];
    while (ids.length < prompt.length + maxTokens) ids.push(likeliest(ids));
    return ids.slice(prompt.length);
  };
  return { weights, complete, close: session.close };
}

const decoders: Readonly<Record<string, TransformerConfig>> = {
  "a decoder made of BERT": tinyConfig,
  "one with relative positions and embeddings of another width": {
    ...tinyConfig,
    family: "mpnet",
    typeCount: 0,
    relativeBuckets: 32,
    embeddingSize: 16,
  },
};

for (const [name, config] of Object.entries(decoders)) {
  Deno.test(`by ${name} prompts that begin alike, or not, are continued as if each were read alone and anew`, () =>
    compare(config));
}

async function compare(config: TransformerConfig) {
  const decoder = await tinyDecoder(config);
  const options = { config, precision: "float32", topK: 1, temperature: 1, never: [] } as const;
  const session = await openSession(samplerProgram(options, decoder.weights), { scratch, threads: 1 });
  const sample = (prompts: readonly (readonly number[])[], end: number) =>
    sampleBatch(
      session,
      prompts,
      { end, maxTokens: maxTokens + 1, firstPosition: 0 },
      randomStream(1, "test"),
    );
  const alike = [[7, 7, 7, 1, 20, 21], [7, 7, 7, 7, 1, 30], [7, 7, 7, 1, 20, 33]];
  const other = [1, 40, 41, 42, 43, 44];
  const expected = new Map([...alike, other].map((prompt) => [prompt, decoder.complete(prompt)]));
  assert.equal(new Set([...expected.values()].map(String)).size, 4, "each goes on in its own way");

  for (const prompts of [alike, [...alike, other], [alike[0]], [alike[0], alike[0]]]) {
    // The last token of each row in turn counts as the end of all, so that some rows leave while others stay.
    for (const ending of prompts) {
      const end = expected.get(ending)!.at(-1)!;
      for (const [row, found] of sample(prompts, end).entries()) {
        const whole = expected.get(prompts[row])!;
        const ends = whole.indexOf(end);
        if (ends >= 0) assert.deepEqual(found, whole.slice(0, ends));
      }
    }
    assert.deepEqual(sample(prompts, unheard), prompts.map(() => undefined));
  }
  session.close();
  decoder.close();
}
