import { z } from "zod";
import { groupBySeeds } from "../src/calibration/resampling/seeds.ts";
import { compareVariants, type VariantRun } from "../src/calibration/variants.ts";
import { InputError } from "../src/errors.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { renderPlainTable } from "../src/report/plain.ts";
import { inReportOrder } from "../src/report/results.ts";
import { composeSettings, type SettingsComparison, settingTables } from "../src/report/settings.ts";
import { readVariantRuns } from "../src/report/variant_runs.ts";
import { reportOutputs, writeReport } from "../src/report/write.ts";

const parameters = z.strictObject({
  title: z.string().min(1).default("The same variants with other settings").describe("The report's heading."),
  reference: z.string().min(1).describe(
    "The setting that the others are compared with: a value of the matrix of the evaluations, such as float32.",
  ),
  resamples: z.int().min(100).default(2000).describe(
    "How often examples and seeds are resampled, in pairs, for the intervals.",
  ),
  seed: z.int().default(1).describe(
    "Seed of the resamples, and of the labels redrawn for the floor of the ECE.",
  ),
});

export default defineStage({
  description:
    "Compares each variant with itself, trained with other values of a setting that the matrix varies",
  parameters,
  inputs: {
    evaluations: {
      description: "each training's predictions, from a matrix with variant, seed and one more setting",
      many: true,
    },
  },
  outputs: {
    ...reportOutputs,
    "comparison.json": "all figures and differences with intervals",
  },
  async run({ parameters, inputs, output, summary }) {
    const { title, ...options } = parameters;
    const evaluations = inputs("evaluations");
    const read = await readVariantRuns([...evaluations.values()]);
    const runs = inReportOrder(
      Array.from(evaluations.keys(), (instance, at) => ({
        ...read[at],
        setting: settingOf(instance, read[at]),
      })),
    );
    const [[, trainings]] = groupBySeeds(
      runs.map(({ variant, setting, seed }) => ({ variant: `${variant} with ${setting}`, seed })),
    );
    const comparison: SettingsComparison = {
      reference: options.reference,
      examples: runs[0].measured.labels.length,
      seeds: trainings.map(({ seed }) => seed),
      resamples: options.resamples,
      variants: [...Map.groupBy(runs, ({ variant }) => variant)].map(([variant, members]) => ({
        variant,
        standings: compareVariants(
          members.map(({ setting, ...run }) => ({ ...run, variant: setting })),
          { ...options, calibrators: ["temperature"], ensembles: [] },
        ).map(({ variant: setting, ...standing }) => ({ setting, ...standing })),
        unchanged: unchangedSettings(members, options.reference),
      })),
    };
    const report = composeSettings(title, comparison);
    await writeReport(output, report, { file: "comparison.json", content: comparison });
    summary(settingTables(comparison).map(renderPlainTable).join("\n\n"));
  },
});

/**
 * Finds the settings with which each training predicts exactly what the reference's training with the same
 * seed does.
 */
function unchangedSettings(
  runs: readonly (VariantRun & { readonly setting: string })[],
  reference: string,
): string[] {
  const bySetting = Map.groupBy(runs, ({ setting }) => setting);
  const standard = new Map(
    bySetting.get(reference)?.map(({ seed, measured }) => [seed, `${measured.logits}`]),
  );
  bySetting.delete(reference);
  return [...bySetting].flatMap(([setting, trainings]) =>
    trainings.every(({ seed, measured }) => standard.get(seed) === `${measured.logits}`) ? [setting] : []
  );
}

/**
 * Returns what an instance's name holds beside variant and seed: `float32` of `scalar,float32,1`.
 *
 * @throws {InputError} where the name lacks variant or seed.
 */
function settingOf(instance: string, { variant, seed }: VariantRun): string {
  const values = instance.split(",");
  for (const known of [variant, String(seed)]) {
    const at = values.indexOf(known);
    if (at < 0) {
      throw new InputError({
        found: `the evaluation "${instance}", of the variant ${variant} with seed ${seed}`,
        expected: "both in its name, beside the setting",
        fix: "Give the evaluations' matrix the dimensions variant and seed, and one more.",
      });
    }
    values.splice(at, 1);
  }
  return values.join(",");
}
