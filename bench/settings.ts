import type { TransformerConfig } from "../src/nn/config.ts";
import type { EnergyVariant } from "../src/ebm/classifier/variant.ts";
import type { Precision } from "../src/graph/graph.ts";
import type { Pace } from "./measuring/turns.ts";

/** A batch of so many texts of so many tokens. */
export interface BatchShape {
  readonly rows: number;
  readonly length: number;
}

/** How much is measured: the whole, or as little as shows that everything still works. */
export interface Settings {
  /** Changes to the encoder's sizes. */
  readonly sizes: Partial<TransformerConfig>;
  readonly precisions: readonly Precision[];
  readonly pace: Pace;
  readonly crossEntropy: BatchShape;
  readonly joint: BatchShape;
  readonly noiseRatios: readonly number[];
  /** All with the first noise ratio, and the first of them with the others. */
  readonly energies: readonly EnergyVariant[];
  readonly noiseModel: BatchShape;
  readonly inference: BatchShape;
  /** Reviews that a step of inference on real lengths predicts. */
  readonly predictedTexts: number;
  readonly sampling: {
    /** Steps that the noise model is trained for, until it ends its texts as reviews end. */
    readonly trainingSteps: number;
    readonly layers?: number;
    readonly prompts: number;
    readonly pace: Pace;
  };
  /** Of the stage whose host's work is measured. */
  readonly feeding: { readonly steps: number; readonly layers?: number };
  /** Training runs whose losses are compared. */
  readonly curves: { readonly steps: number; readonly rows: number; readonly layers?: number };
  readonly growth: {
    readonly base: BatchShape;
    readonly lengths: readonly number[];
    readonly rows: readonly number[];
    readonly layers: readonly number[];
    readonly vocabularies: readonly number[];
    readonly noiseRatios: readonly number[];
    readonly prompts: readonly number[];
    readonly pace: Pace;
  };
  readonly engine: {
    readonly stages: number;
    readonly manyStages: number;
    readonly files: number;
    readonly hashedBytes: number;
    readonly turns: number;
  };
  readonly metrics: {
    /** Examples of two classes that are resampled. */
    readonly resampled: number;
    readonly resamples: number;
    /** As many as Python gets, which is that much slower. */
    readonly peerResamples: number;
    /** Examples of ten classes that are measured once. */
    readonly rows: number;
  };
}

/** What the issue of speed asks for. */
export const full: Settings = {
  sizes: {},
  precisions: ["float32", "bfloat16"],
  pace: { turns: 4, stepsPerTurn: 2 },
  crossEntropy: { rows: 32, length: 64 },
  joint: { rows: 16, length: 32 },
  noiseRatios: [1, 8],
  energies: ["scalar", "hidden", "sharp-hidden"],
  noiseModel: { rows: 16, length: 96 },
  inference: { rows: 64, length: 64 },
  predictedTexts: 128,
  sampling: { trainingSteps: 60, prompts: 128, pace: { turns: 8, stepsPerTurn: 1 } },
  feeding: { steps: 8 },
  curves: { steps: 200, rows: 2 },
  growth: {
    base: { rows: 16, length: 32 },
    lengths: [16, 32, 64, 128],
    rows: [4, 16, 64],
    layers: [1, 3, 6],
    vocabularies: [1000, 8000, 30_522],
    noiseRatios: [1, 3, 8],
    prompts: [32, 64, 128],
    pace: { turns: 1, stepsPerTurn: 3 },
  },
  engine: { stages: 100, manyStages: 3000, files: 10_000, hashedBytes: 2 ** 29, turns: 3 },
  metrics: { resampled: 10_000, resamples: 10_000, peerResamples: 50, rows: 1_000_000 },
};

const once: Pace = { turns: 1, stepsPerTurn: 1 };

/** All kinds of work once, on a model of no use. */
export const smoke: Settings = {
  sizes: { layers: 1, hiddenSize: 48, heads: 4, feedForwardSize: 96, vocabularySize: 500 },
  precisions: ["bfloat16"],
  pace: once,
  crossEntropy: { rows: 2, length: 8 },
  joint: { rows: 2, length: 8 },
  noiseRatios: [2],
  energies: ["hidden"],
  noiseModel: { rows: 2, length: 8 },
  inference: { rows: 2, length: 8 },
  predictedTexts: 70,
  sampling: { trainingSteps: 4, layers: 1, prompts: 8, pace: once },
  feeding: { steps: 3, layers: 1 },
  curves: { steps: 10, rows: 2, layers: 2 },
  growth: {
    base: { rows: 2, length: 8 },
    lengths: [8, 16],
    rows: [2, 4],
    layers: [1, 2],
    vocabularies: [500, 1000],
    noiseRatios: [1, 2],
    prompts: [4, 8],
    pace: once,
  },
  engine: { stages: 3, manyStages: 10, files: 20, hashedBytes: 2 ** 20, turns: 1 },
  metrics: { resampled: 100, resamples: 10, peerResamples: 0, rows: 100 },
};
