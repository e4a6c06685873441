import { z } from "zod";
import type { Scores } from "../calibration/metrics/scores.ts";

const share = z.number().min(0).max(1);
const notNegative = z.number().min(0);

const scoresSchema: z.ZodType<Scores> = z.strictObject({
  accuracy: share,
  nll: notNegative.describe("Negative log-likelihood, in nats."),
  brier: notNegative.max(2).describe("Summed over classes."),
  ece: share.describe("Top label, l1, 20 bins of equal width, (a, b]."),
  eceFloor: z.strictObject({ mean: share, standardDeviation: notNegative }).describe(
    "The ECE of perfectly calibrated predictions with the same confidences.",
  ),
  eceDebiased: share.describe("Top label, l2, less what sampling alone adds."),
  eceClasswise: share.describe("Mean over classes, l1."),
  reliability: z.array(z.strictObject({
    lower: share,
    upper: share,
    count: z.int().min(1),
    confidence: share,
    accuracy: share,
  })).describe("The bins that hold examples, ascending."),
});

/** What an evaluation measures: written by the evaluate stage as `metrics.json`, read by the report. */
export const evaluationSchema = z.strictObject({
  variant: z.string().min(1),
  seed: z.int().describe("Of the training."),
  examples: z.int().min(1).describe("How many examples the figures are of."),
  splits: z.strictObject({ fit: z.literal("dev1"), reported: z.literal("dev2") }),
  uncalibrated: scoresSchema,
  temperature: z.strictObject({
    value: z.number().positive(),
    atBound: z.boolean().describe("Whether the best temperature lies beyond the range that was searched."),
  }),
  calibrated: scoresSchema.describe("After temperature scaling."),
  energy: z.strictObject({
    dataMean: z.number(),
    dataStandardDeviation: notNegative,
    noiseMean: z.number(),
    noiseStandardDeviation: notNegative,
    noiseAccuracy: share.describe(
      "Share of texts that E + ln K < 0 tells apart, data and noise weighing the same.",
    ),
  }).optional().describe("Where the variant has an energy."),
});

/** One evaluated variant. */
export type Evaluation = z.output<typeof evaluationSchema>;
