/** Makes a classifier that trains in milliseconds, for tests of the code that runs it. */
import { classifierProgram } from "../src/ebm/classifier/program.ts";
import { type Contrast, jointBatch } from "../src/ebm/classifier/joint_batch.ts";
import type { Variable } from "../src/graph/graph.ts";
import type { TransformerConfig } from "../src/nn/config.ts";
import { startFrom } from "../src/ebm/training/state.ts";
import type { Weight } from "../src/nn/checkpoint.ts";
import { randomStream } from "../src/random.ts";
import { openSession } from "../src/runtime/session.ts";
import { scratch } from "./scratch.ts";

export const tinyConfig: TransformerConfig = {
  family: "bert",
  vocabularySize: 50,
  embeddingSize: 32,
  hiddenSize: 32,
  layers: 3,
  heads: 4,
  feedForwardSize: 48,
  maxPositions: 64,
  typeCount: 2,
  firstPosition: 0,
  relativeBuckets: 0,
  layerNormEpsilon: 1e-12,
  activation: "gelu",
  embeddingDropout: 0.1,
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  headDropout: 0.1,
};

/** A classifier with two heads, one for three classes and one for the energy. */
export const tinyShape = { config: tinyConfig, classes: 3, variant: "scalar" } as const;

/** How it is trained, where a test doesn't say otherwise. */
export const tinyTraining = {
  classLoss: { kind: "cross-entropy" },
  noiseRatio: 1,
  energyWeight: 1,
  precision: "float32",
  weightDecay: 0.1,
  clipNorm: 1,
  parts: 1,
  turns: 1,
} as const;

/** Makes data texts and noise texts of these lengths, of random tokens. */
export function tinyContrast(lengths: readonly number[]): Contrast {
  const random = randomStream(1, "texts");
  const texts = () => lengths.map((length) => ({ ids: Array.from({ length }, () => random.integer(50)) }));
  return { data: texts(), noise: texts() };
}

/**
 * Makes small random weights, those of layer norms around 1 as in a trained model. If those were small too,
 * the tokens of a text would become so much alike from layer to layer that gradients by queries and keys
 * would be mostly rounding errors.
 */
export function randomWeights(variables: Iterable<Variable>): Map<string, Weight> {
  const random = randomStream(1, "weights");
  return new Map(Array.from(variables, ({ name, shape }) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const mean = name.endsWith("LayerNorm.weight") ? 1 : 0;
    return [name, { data: Float32Array.from({ length: count }, () => mean + random.normal() * 0.1), shape }];
  }));
}

/** Trains from random weights, and returns what each step fetched and the weights in the end. */
export async function trainTinyClassifier(
  lengths: readonly number[],
  steps: number,
  profile?: string,
  config = tinyConfig,
  parts = 1,
): Promise<{
  readonly steps: readonly Float32Array[];
  readonly weights: readonly Float32Array[];
  /** Those of the weights, in their order. */
  readonly names: readonly string[];
}> {
  const { program, variables } = classifierProgram({ ...tinyShape, ...tinyTraining, config, parts });
  const session = await openSession(program, {
    scratch,
    threads: parts,
    ...(profile === undefined ? {} : { profile }),
  });
  startFrom(session, randomWeights(variables));
  const contrast = tinyContrast(lengths);
  const labelled = contrast.data.map((text, row) => ({ ...text, label: row % tinyShape.classes }));
  const { feeds } = jointBatch(config, labelled, parts, contrast);
  const fetched = Array.from({ length: steps }, (_, index) => {
    const result = session.run("train", { ...feeds, seed: index, learningRate: 0.01, step: index + 1 });
    return ["loss", "norm", "dataEnergy", "noiseEnergy"].map((name) => result.floats(name));
  });
  const result = session.run("read");
  const names = variables.map(({ name }) => name);
  const weights = names.map((name) => result.floats(name));
  session.close();
  return { steps: fetched.flat(), weights, names };
}
