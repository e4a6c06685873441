import { z } from "zod";
import { calibratorNames } from "../calibration/calibrators/fit.ts";
import { figureSchema } from "./json.ts";

const interval = { value: figureSchema, low: figureSchema, high: figureSchema };

const verdicts = ["higher", "lower", "no evidence of a difference"] as const;

const standingSchema = z.strictObject({
  variant: z.string().min(1),
  calibrator: z.enum(["none", ...calibratorNames]),
  fits: z.array(z.string()).readonly().describe("The summary of each seed's calibrator."),
  notes: z.array(z.string()).readonly().describe("Notes on what dev1 left undetermined in these fits."),
  runs: z.int().min(1).describe("How many trainings the figures are averaged over."),
  ece_floor: z.strictObject({ mean: z.number(), standardDeviation: z.number() }),
  figures: z.record(z.string(), z.strictObject(interval)),
  difference: z.record(z.string(), z.strictObject({ ...interval, verdict: z.enum(verdicts) })).optional()
    .describe("Differences from the reference after the same calibrator."),
});

const conformalSchema = z.strictObject({
  variant: z.string().min(1),
  method: z.enum(["thr", "aps"]),
  coverage: z.number(),
  meanSize: z.number(),
});

/** What the compare stage measures: it writes this as `comparison.json`, and the report reads it. */
export const comparisonSchema = z.strictObject({
  reference: z.string().min(1),
  examples: z.int().min(1),
  seeds: z.array(z.int()).min(1).readonly(),
  resamples: z.int().min(1),
  standings: z.array(standingSchema).min(1).readonly(),
  conformal: z.strictObject({
    level: z.number(),
    sets: z.array(conformalSchema).readonly().describe(
      "Those of each variant as trained, averaged over seeds.",
    ),
  }),
});

/** All variants compared. */
export type VariantComparison = z.output<typeof comparisonSchema>;
/** One variant, as trained or after a calibrator. */
export type ComparedVariant = z.output<typeof standingSchema>;
