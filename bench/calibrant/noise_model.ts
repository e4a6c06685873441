import { scoredFeeds } from "../../src/ebm/noise_model/batch.ts";
import { noiseModelProgram } from "../../src/ebm/noise_model/program.ts";
import { startFrom } from "../../src/ebm/training/state.ts";
import type { Precision } from "../../src/graph/graph.ts";
import type { TransformerConfig } from "../../src/nn/config.ts";
import { partFeeds, splitRows } from "../../src/nn/packing.ts";
import { type Feed, openSession } from "../../src/runtime/session.ts";
import type { Perform, WorkOptions } from "./perform.ts";
import { randomWeights } from "./weights.ts";

/** Trains the noise model as a plain language model that scores every token. */
export interface NoiseModelWork {
  readonly kind: "noise-model";
  readonly config: TransformerConfig;
  readonly precision: Precision;
}

/** Builds the program that `train-noise-model` trains, with its usual settings. */
export async function prepareNoiseModel(work: NoiseModelWork, options: WorkOptions): Promise<Perform> {
  const { program, variables } = noiseModelProgram({
    ...work,
    weightDecay: 0.01,
    clipNorm: 1,
    parts: options.threads,
  });
  const session = await openSession(program, options);
  startFrom(session, randomWeights(variables));
  let step = 0;
  return ({ tokens, batches: [{ texts }] }) => {
    const feeds = plainBatch(texts, options.threads);
    session.run("train", { ...feeds, seed: ++step, learningRate: 1e-4, step });
    return tokens;
  };
}

function plainBatch(texts: readonly (readonly number[])[], parts: number): Record<string, Feed> {
  const split = splitRows(texts.map(({ length }) => length), parts);
  const sequences = texts.map((ids) => ({ ids, successors: [...ids.slice(1), ids[0]] }));
  return Object.assign(
    {},
    ...split.map((rows, part) => partFeeds(scoredFeeds(rows.map((row) => sequences[row]), 0), part)),
  );
}
