import { z } from "zod";
import { type FigureName, figures } from "../calibration/metrics/figures.ts";
import { floorDefinition } from "../calibration/metrics/floor.ts";
import type { Scores } from "../calibration/metrics/scores.ts";
import { metricSchema } from "../data/dataset.ts";
import { curveSchema } from "./training_curve.ts";

const share = z.number().min(0).max(1);
const notNegative = z.number().min(0);

const scoresSchema: z.ZodType<Scores> = z.strictObject({
  mcc: figure("mcc").optional(),
  accuracy: figure("accuracy"),
  nll: figure("nll"),
  brier: figure("brier"),
  ece: figure("ece"),
  ece_debiased: figure("ece_debiased"),
  ece_classwise: figure("ece_classwise"),
  ece_floor: z.strictObject({ mean: share, standardDeviation: notNegative }).describe(
    floorDefinition.meaning,
  ),
  reliability: z.array(z.strictObject({
    lower: share,
    upper: share,
    count: z.int().min(1),
    confidence: share,
    accuracy: share,
  })).describe("The bins that hold examples, ascending."),
});

function figure(name: FigureName): z.ZodNumber {
  const { range: [lowest, highest], meaning } = figures[name];
  return z.number().min(lowest).max(highest).describe(meaning);
}

/** The figures of a split, before and after temperature scaling. */
const measured = {
  uncalibrated: scoresSchema,
  temperature: z.strictObject({
    value: z.number().positive(),
    atBound: z.boolean().describe("Whether the best temperature lies beyond the range that was searched."),
  }),
  calibrated: scoresSchema.describe("After temperature scaling."),
};

/** What the evaluate stage measures: it writes this as `metrics.json`, and reports read it. */
export const evaluationSchema = z.strictObject({
  variant: z.string().min(1),
  seed: z.int().describe("Seed of the training."),
  examples: z.int().min(1).describe("How many examples were measured."),
  kept: z.strictObject({
    step: z.int().min(1).describe("The step of the training whose weights were kept."),
    lastStep: z.int().min(1).describe("The last step that was taken."),
    steps: z.int().min(1).describe("The steps that were planned."),
    why: z.string().min(1),
  }),
  metric: metricSchema.optional().describe(
    "The figure by which results on the data set are usually reported.",
  ),
  splits: z.strictObject({ fit: z.literal("dev1"), reported: z.literal("dev2") }),
  ...measured,
  energy: z.strictObject({
    dataMean: z.number(),
    dataStandardDeviation: notNegative,
    noiseMean: z.number(),
    noiseStandardDeviation: notNegative,
    cut: z.number().describe("The energy below which a text counts as real: −ln K."),
    noiseAccuracy: share.describe("Balanced accuracy of the rule “E + ln K < 0 means real text”."),
  }).optional().describe("Only where the variant has an energy."),
  test: z.strictObject({ examples: z.int().min(1), ...measured }).optional().describe(
    "The data set's own test set, where it has one.",
  ),
  curve: curveSchema.describe("What the training measured on tune, by step."),
  losses: curveSchema.describe("The loss's terms and their gradients' norms, means of neighbouring steps."),
});

/** One evaluated training. */
export type Evaluation = z.output<typeof evaluationSchema>;
