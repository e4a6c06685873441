import { z } from "zod";
import { calibratorNames } from "../calibration/calibrators/fit.ts";

const interval = {
  value: z.number().nullable().describe("null where it is undefined or infinite."),
  low: z.number().nullable(),
  high: z.number().nullable(),
};

const verdicts = ["higher", "lower", "no evidence of a difference"] as const;

const standingSchema = z.strictObject({
  variant: z.string().min(1),
  calibrator: z.enum(["none", ...calibratorNames]),
  fits: z.array(z.string()).readonly().describe("What was fitted, for each seed."),
  notes: z.array(z.string()).readonly().describe("What the data left open of these fits."),
  runs: z.int().min(1).describe("How many trainings the figures are means of."),
  ece_floor: z.strictObject({ mean: z.number(), standardDeviation: z.number() }),
  figures: z.record(z.string(), z.strictObject(interval)),
  difference: z.record(z.string(), z.strictObject({ ...interval, verdict: z.enum(verdicts) })).optional()
    .describe("From the reference after the same calibrator."),
});

const conformalSchema = z.strictObject({
  variant: z.string().min(1),
  method: z.enum(["thr", "aps"]),
  coverage: z.number(),
  meanSize: z.number(),
});

/** What compare measures: written by it as `comparison.json`, read by the report. */
export const comparisonSchema = z.strictObject({
  reference: z.string().min(1),
  examples: z.int().min(1),
  seeds: z.array(z.int()).min(1).readonly(),
  resamples: z.int().min(1),
  standings: z.array(standingSchema).min(1).readonly(),
  conformal: z.strictObject({
    level: z.number(),
    sets: z.array(conformalSchema).readonly().describe("As trained, means over seeds."),
  }),
});

/** All variants beside each other. */
export type VariantComparison = z.output<typeof comparisonSchema>;
export type ComparedVariant = z.output<typeof standingSchema>;
