import { z } from "zod";
import { isPatienceMeasured, selectionParameters } from "../training/selection_parameters.ts";
import { lossParameters } from "./loss_parameters.ts";
import { finetunedSchema } from "./variant.ts";

/** The settings of joint finetuning, and of the classifier that it trains. */
export const finetuningParameters = z.strictObject({
  variant: finetunedSchema.describe(
    "baseline (cross-entropy alone), another loss of the classes, or how the energy is made of the classifier. " +
      "mc-dropout is trained as the baseline is, and shares its result.",
  ),
  layers: z.int().positive().optional().describe(
    "Only the encoder's first layers; all of them unless given.",
  ),
  steps: z.int().positive().describe("Optimizer steps."),
  warmupSteps: z.int().min(0).default(0).describe("Steps of linear warm-up."),
  batchSize: z.int().positive().default(32).describe(
    "Texts in the cross-entropy batch, the data batch and each noise batch.",
  ),
  gradientAccumulationSteps: z.int().positive().default(1).describe(
    "Batches whose gradients are accumulated before a step is taken: it is the step of one batch so many times " +
      "as large, in the memory of one.",
  ),
  learningRate: z.number().positive().default(2e-5).describe("Peak learning rate; it decays linearly to 0."),
  weightDecay: z.number().min(0).default(0.1).describe("AdamW's decoupled decay of weight matrices."),
  clipNorm: z.number().positive().default(1).describe("Limit of the gradients' global norm."),
  noiseRatio: z.int().positive().default(1).describe("K: noise samples for each text of the data."),
  energyWeight: z.number().min(0).default(1).describe("λ: the weight of the noise-contrastive terms."),
  order: z.enum(["independent", "sequential"]).default("independent").describe(
    "How the data batch and the noise go through their texts: each in random orders of its own, or both in " +
      "the order of their files, as in the authors' code. The cross-entropy batch is always shuffled.",
  ),
  heldOutNoise: z.int().min(0).default(0).describe(
    "Noise texts, at equal distances, that aren't trained on: evaluations measure how well the energy tells " +
      "tune from them.",
  ),
  ...lossParameters,
  replaceTokens: z.number().min(0).max(1).default(0).describe(
    "Share of the cross-entropy batch's tokens that are replaced by random ones, as an augmentation.",
  ),
  maxTokens: z.int().min(4).default(128).describe(
    "Tokens of a text with its special tokens; longer ones are cut.",
  ),
  ...selectionParameters,
  keep: z.enum(["last", "best", "both"]).default("last").describe(
    "The step whose weights are the result: the last, as in the paper, the best of those evaluated, or the last " +
      "with the best beside it, in model/best.",
  ),
  by: z.enum(["nll", "accuracy", "ece"]).default("nll").describe(
    "The figure on tune that says which evaluation is the best.",
  ),
  logEvery: z.int().positive().default(50).describe("Steps between records of each term's gradient norm."),
  precision: z.enum(["float32", "bfloat16"]).default("float32").describe("What matrix products compute in."),
  seed: z.int().default(1).describe("Seed of the head's weights, the batches and dropout."),
}).refine(({ steps, warmupSteps }) => warmupSteps < steps, {
  path: ["warmupSteps"],
  error: "fewer than steps",
}).refine(isPatienceMeasured, { path: ["patience"], error: "evaluateEvery beside it" });

export type FinetuningParameters = z.output<typeof finetuningParameters>;
