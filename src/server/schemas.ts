/** What goes over the wire, as schemas: openapi.json is made of them. */

import { z } from "zod";
import { evaluationSchema } from "../report/evaluation.ts";

const name = z.union([z.string(), z.int()]);

/** The answer about a text: a line of what `deno task predict` writes. */
export const answerSchema = z.strictObject({
  id: name.describe("The text's id, or its number among the texts of the request, from 1."),
  label: z.string().describe("The most probable class."),
  probs: z.record(z.string(), z.number()).describe(
    "Each class's probability, calibrated where the model has a calibrator.",
  ),
  logits: z.array(z.number()).describe("What the probabilities are made of, in the order of the classes."),
  energy: z.number().optional().describe("Low for texts like the training ones, where the model has one."),
  energyQuantile: z.number().optional().describe(
    "The share of the texts that the calibrator was fitted on whose energies are at most as high.",
  ),
  unfamiliar: z.boolean().optional().describe("Whether at most 1 % of texts like those have such an energy."),
  cut: z.boolean().describe("Whether the text was longer than the model reads."),
  abstain: z.boolean().optional().describe("With --abstain-at: whether the confidence is too low."),
  set: z.array(z.string()).optional().describe("With --sets: the classes of the conformal set."),
});

/** What is measured of the model on texts that nothing was trained or fitted on. */
const measuredSchema = z.strictObject({
  instance: z.string().describe("The result of the pipeline that holds the predictions."),
  key: z.string().describe("The key under which the pipeline keeps it."),
  texts: z.int().describe("How many texts of dev2 were measured."),
  metrics: evaluationSchema.shape.calibrated.describe(
    "The figures of dev2 with the calibrator that is served, and the bins of its reliability diagram.",
  ),
});

/** What `/model` says. */
export const modelSchema = z.strictObject({
  model: z.string().describe("The model as it was named to the server."),
  digest: z.string().describe("SHA-256 of the model's files."),
  key: z.string().optional().describe("The key under which the pipeline keeps it, if it comes from there."),
  variant: z.string(),
  classes: z.array(z.string()).describe("In the order of the logits."),
  maxTokens: z.int().describe("The most tokens of a text that the model reads."),
  precision: z.enum(["float32", "bfloat16"]).describe("What matrix products compute in."),
  calibrator: z.strictObject({
    summary: z.string(),
    fittedOn: z.strictObject({ name: z.string(), examples: z.int() }),
  }).optional().describe("The calibrator that the probabilities have gone through."),
  promises: z.array(z.string()).describe("What is promised of the answers, and what isn't."),
  dev2: measuredSchema.optional().describe("Only where the pipeline has evaluated the model."),
});

export type ModelInfo = z.output<typeof modelSchema>;

export const errorSchema = z.strictObject({ error: z.string().describe("What was found and expected.") });

export const healthSchema = z.strictObject({ status: z.literal("ok") });
