/**
 * Compares the operations that are counted from shapes with the matrix products that TensorFlow reports of
 * the step that it ran.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { classifierStepFlops } from "../../src/ebm/classifier/program.ts";
import { noiseBatch } from "../../src/ebm/noise_model/batch.ts";
import { noiseModelProgram, noiseModelStepFlops } from "../../src/ebm/noise_model/program.ts";
import { startFrom } from "../../src/ebm/training/state.ts";
import { batchSize } from "../../src/nn/sequence.ts";
import { randomStream } from "../../src/random.ts";
import { openSession } from "../../src/runtime/session.ts";
import { temporaryFolder } from "../runtime/setup/tools.ts";
import {
  randomWeights,
  tinyConfig,
  tinyContrast,
  tinyShape,
  trainTinyClassifier,
} from "../tiny_classifier.ts";

interface TraceEvent {
  readonly cat?: string;
  readonly args: { readonly flops?: number };
}

/**
 * Returns the floating-point operations of the matrix products of one training step on texts of these
 * lengths.
 */
async function computed(lengths: readonly number[], config = tinyConfig): Promise<number> {
  using folder = temporaryFolder();
  await trainTinyClassifier(lengths, 4, folder.path, config); // the fourth step is traced
  return tracedFlops(folder.path);
}

function tracedFlops(profile: string): number {
  const trace = JSON.parse(Deno.readTextFileSync(join(profile, "trace.json")));
  return (trace.traceEvents as TraceEvent[])
    .filter(({ cat }) => cat === "train")
    .reduce((total, { args }) => total + (args.flops ?? 0), 0);
}

/** Returns the operations that are counted for the same step. */
function counted(lengths: readonly number[], config = tinyConfig): number {
  const { data, noise } = tinyContrast(lengths);
  return classifierStepFlops({ ...tinyShape, config }, batchSize([...data, ...data, ...noise]));
}

Deno.test("of texts of one length every product of a training step is counted, and no other", async () => {
  assert.equal(await computed([8, 8, 8, 8]), counted([8, 8, 8, 8]));
});

Deno.test("so are those of a model with relative positions and embeddings of another width", async () => {
  const config = {
    ...tinyConfig,
    family: "mpnet",
    typeCount: 0,
    relativeBuckets: 32,
    embeddingSize: 16,
  } as const;
  assert.equal(await computed([8, 8, 8, 8], config), counted([8, 8, 8, 8], config));
});

Deno.test("of texts of several lengths the step computes only the attention of padding besides", async () => {
  // The three batches have 120 tokens, and lanes hold 16: both are multiples of 8.
  const lengths = [3, 16, 13, 8];
  // There are three lanes of 16 tokens, three of 13 and 3, one of twice 8, and one of 8.
  const [lanes, longest, mostInLane] = [8, 16, 2];
  const { tokens, tokenPairs } = batchSize(
    [lengths, lengths, lengths].flat().map((length) => ({ ids: { length } })),
  );
  const { layers, heads, hiddenSize } = tinyConfig;
  // In all layers but the last, every place of a lane sees every other. In the last, each lane has as many
  // queries as a lane may have rows, and each of their heads sees whole states.
  const paddedPairs = (layers - 1) * (lanes * longest ** 2 - tokenPairs) +
    heads * (lanes * mostInLane * longest - tokens);
  const padding = 3 * 2 * 2 * paddedPairs * hiddenSize;

  assert.equal(await computed(lengths), counted(lengths) + padding);
});

Deno.test("of the noise model's step likewise, with the logits of the scored tokens", async () => {
  using folder = temporaryFolder();
  const { program, variables } = noiseModelProgram({
    config: tinyConfig,
    precision: "float32",
    weightDecay: 0.1,
    clipNorm: 1,
    parts: 1,
  });
  const session = await openSession(program, { scratch: folder.path, threads: 1, profile: folder.path });
  startFrom(session, randomWeights(variables));
  const form = { objective: "masked-prefix", maskRate: 0.4, prefixTokens: 7, prefixEnd: false } as const;
  const sequence = { ...form, maxTokens: 8, firstPosition: 0 };
  const text = [11, 12, 13, 14, 15, 16, 17, 18]; // 16 tokens with its prefix and begin
  const batch = noiseBatch([text, text, text], sequence, randomStream(1, "masks"), 1);
  for (let step = 1; step <= 4; step++) {
    session.run("train", { ...batch.feeds, seed: step, learningRate: 0.01, step });
  }
  session.close();

  assert.equal(tracedFlops(folder.path), noiseModelStepFlops(tinyConfig, batch));
});
