import type { TransformerConfig } from "../src/nn/config.ts";
import type { EnergyVariant } from "../src/ebm/classifier/variant.ts";
import type { Precision } from "../src/graph/graph.ts";
import type { BatchShape } from "./inputs/step.ts";
import type { Pace } from "./measuring/turns.ts";

/** CPU threads of every program that is measured, but where a benchmark says otherwise. */
export const threads = 2;

/** How much each benchmark measures. */
export interface Settings {
  /** Sizes that replace those of the pretrained encoder. */
  readonly sizes: Partial<TransformerConfig>;
  readonly precisions: readonly Precision[];
  readonly pace: Pace;
  readonly crossEntropy: BatchShape;
  readonly joint: BatchShape;
  readonly noiseRatios: readonly number[];
  /**
   * Energies of the joint steps: all are measured with the first noise ratio, only the first with the others.
   */
  readonly energies: readonly EnergyVariant[];
  /** For batches grouped by length. The turns together take each of the nine steps, which differ, once. */
  readonly groupedPace: Pace;
  readonly noiseModel: BatchShape;
  readonly inference: BatchShape;
  /** Number of reviews in a step of inference on real texts. */
  readonly predictedTexts: number;
  readonly predict: {
    /** Number of dev2's texts. */
    readonly texts: number;
    /** Number of the encoder's layers that the classifier has; all of them where it is left out. */
    readonly layers?: number;
    readonly pace: Pace;
    /** How often each program is started as a whole, for one text and for all. */
    readonly starts: number;
  };
  readonly serve: {
    /** Numbers of clients that ask side by side. */
    readonly clients: readonly number[];
    /** How often each server has its turn, and how long it is asked by as many clients. */
    readonly turns: number;
    readonly seconds: number;
  };
  readonly sampling: {
    /**
     * Training steps of the noise model that is sampled from: enough of them that its texts end as reviews
     * do.
     */
    readonly trainingSteps: number;
    readonly layers?: number;
    readonly prompts: number;
    readonly pace: Pace;
  };
  /** The run of `finetune` whose work outside the session is measured. */
  readonly feeding: { readonly steps: number; readonly layers?: number };
  /** The training runs whose losses are compared. */
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
  /** The pretended cluster, and how many pretended actions it gets at most. */
  readonly schedule: { readonly actions: number; readonly nodes: number };
  readonly metrics: {
    /** Number of examples of two classes that are resampled. */
    readonly resampled: number;
    readonly resamples: number;
    /** Number of resamples for Python, which would take minutes for as many as Calibrant gets. */
    readonly peerResamples: number;
    /** Number of examples of ten classes that are measured once. */
    readonly rows: number;
  };
}

/** The sizes whose figures the page shows. */
export const full: Settings = {
  sizes: {},
  precisions: ["float32", "bfloat16"],
  pace: { turns: 4, stepsPerTurn: 2 },
  crossEntropy: { rows: 32, length: 64 },
  joint: { rows: 16, length: 32 },
  noiseRatios: [1, 8],
  energies: ["scalar", "hidden", "sharp-hidden"],
  groupedPace: { turns: 3, stepsPerTurn: 3 },
  noiseModel: { rows: 16, length: 96 },
  inference: { rows: 64, length: 64 },
  predictedTexts: 128,
  predict: { texts: 1024, pace: { turns: 3, stepsPerTurn: 1 }, starts: 3 },
  serve: { clients: [1, 8, 64], turns: 3, seconds: 4 },
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
  schedule: { actions: 100_000, nodes: 1000 },
  metrics: { resampled: 10_000, resamples: 10_000, peerResamples: 50, rows: 1_000_000 },
};

const once: Pace = { turns: 1, stepsPerTurn: 1 };

/** Sizes so small that every benchmark runs in seconds, which shows that it works and nothing about speed. */
export const smoke: Settings = {
  sizes: { layers: 1, hiddenSize: 48, heads: 4, feedForwardSize: 96, vocabularySize: 500 },
  precisions: ["bfloat16"],
  pace: once,
  crossEntropy: { rows: 2, length: 8 },
  joint: { rows: 2, length: 8 },
  noiseRatios: [2],
  energies: ["hidden"],
  groupedPace: once,
  noiseModel: { rows: 2, length: 8 },
  inference: { rows: 2, length: 8 },
  predictedTexts: 70,
  predict: { texts: 70, layers: 1, pace: once, starts: 1 },
  serve: { clients: [1, 3], turns: 1, seconds: 0.5 },
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
  schedule: { actions: 1000, nodes: 10 },
  metrics: { resampled: 100, resamples: 10, peerResamples: 2, rows: 100 },
};
