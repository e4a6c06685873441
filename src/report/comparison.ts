import { z } from "zod";
import { calibratorNames } from "../calibration/calibrators/calibrator.ts";
import { metricSchema } from "../data/dataset.ts";
import { figureSchema } from "./json.ts";
import { variantCurvesSchema } from "./training_curve.ts";

const interval = { value: figureSchema, low: figureSchema, high: figureSchema };

const verdicts = ["higher", "lower", "no evidence of a difference"] as const;

const standingSchema = z.strictObject({
  variant: z.string().min(1),
  calibrator: z.enum(["none", ...calibratorNames]),
  fits: z.array(z.string()).readonly().describe("The summary of each seed's calibrator."),
  notes: z.array(z.string()).readonly().describe(
    "Notes on what the examples left undetermined in these fits.",
  ),
  runs: z.int().min(1).describe("How many trainings the figures are averaged over."),
  ece_floor: z.strictObject({ mean: z.number(), standardDeviation: z.number() }),
  figures: z.record(z.string(), z.strictObject(interval)),
  difference: z.record(z.string(), z.strictObject({ ...interval, verdict: z.enum(verdicts) })).optional()
    .describe("Differences from the reference after the same calibrator."),
});

/** Where calibrators may be fitted. */
export const fitSplitSchema = z.enum(["dev1", "train"]);

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
  metric: metricSchema.optional().describe(
    "The figure by which results on the data set are usually reported.",
  ),
  fittedOn: fitSplitSchema.describe("The split that calibrators were fitted on."),
  standings: z.array(standingSchema).min(1).readonly(),
  test: z.strictObject({
    examples: z.int().min(1),
    standings: z.array(standingSchema).min(1).readonly(),
  }).optional().describe("The same on the data set's own test set, where it has one."),
  curves: variantCurvesSchema.describe("What trainings measured on tune, by step: means over seeds."),
  losses: variantCurvesSchema.describe(
    "The loss's terms and their gradients' norms, means of neighbouring steps and over seeds.",
  ),
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

/** Says whether the most probable class may be another one after a calibrator: after a temperature it is the same. */
export function mayChangeClasses(calibrator: ComparedVariant["calibrator"]): boolean {
  return !["none", "temperature", "temperature-grid"].includes(calibrator);
}
