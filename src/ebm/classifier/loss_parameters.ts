import { z } from "zod";
import type { ClassLoss } from "./class_loss.ts";
import { distances } from "./posterior_distance.ts";
import type { Variant } from "./variant.ts";

/** The stage parameters of the variants that change the classes' loss; other variants ignore them. */
export const lossParameters = {
  labelSmoothing: z.number().min(0).lt(1).default(0.1).describe(
    "label-smoothing: ε, the share of the target that is spread over all classes.",
  ),
  focalGamma: z.int().min(0).default(2).describe("focal: γ, the exponent of 1 − p."),
  posCal: z.strictObject({
    weight: z.number().min(0).default(1).describe("λ: the weight of the distance beside cross-entropy."),
    distance: z.enum(distances).default("mse").describe(
      "Distance between the predicted and the empirical probabilities.",
    ),
    bins: z.int().positive().default(10).describe("Bins of equal width of a class's probability."),
    updatesPerEpoch: z.int().positive().default(10).describe(
      "How often an epoch the empirical probabilities are measured again, on the whole training set.",
    ),
  }).prefault({}).describe("poscal: posterior calibrated training."),
};

/** Returns the classes' loss of a variant. */
export function classLossOf(
  variant: Variant,
  parameters: z.output<z.ZodObject<typeof lossParameters>>,
): ClassLoss {
  switch (variant) {
    case "label-smoothing":
      return { kind: variant, smoothing: parameters.labelSmoothing };
    case "focal":
      return { kind: variant, gamma: parameters.focalGamma };
    case "poscal":
      return { kind: variant, ...parameters.posCal };
    default:
      return { kind: "cross-entropy" };
  }
}
