import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { calibratorNames } from "../src/calibration/calibrators/fit.ts";
import { conformalSets } from "../src/calibration/metrics/conformal.ts";
import { compareVariants, type VariantRun } from "../src/calibration/variants.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import type { VariantComparison } from "../src/report/comparison.ts";
import { mean } from "../src/calibration/resampling/mean.ts";
import { inReportOrder } from "../src/report/results.ts";
import { readVariantRuns } from "../src/report/variant_runs.ts";

const parameters = z.strictObject({
  reference: z.string().default("baseline").describe("The variant that the others are compared with."),
  calibrators: z.array(z.enum(calibratorNames)).default(["temperature"]).describe(
    "Fitted on dev1, for each training anew.",
  ),
  ensembles: z.array(z.string()).default([]).describe(
    "Variants whose seeds are joined to a deep ensemble, a row more; of one seed there is none.",
  ),
  resamples: z.int().min(100).default(2000).describe("Of the bootstrap, paired over examples and seeds."),
  conformalLevel: z.number().gt(0).lt(1).default(0.9).describe(
    "How often prediction sets are to hold the truth.",
  ),
  seed: z.int().default(1).describe("Seed of the resamples, of redrawn labels and of randomised sets."),
});

export default defineStage({
  description: "Compares the variants over their seeds, with intervals; forms ensembles and prediction sets",
  parameters,
  inputs: { evaluations: { description: "each training's predictions", many: true } },
  outputs: { "comparison.json": "figures and differences with intervals, coverage of prediction sets" },
  async run({ parameters, inputs, output, summary }) {
    const { resamples, seed, conformalLevel: level, ...options } = parameters;
    const runs = inReportOrder(await readVariantRuns([...inputs("evaluations").values()]));
    const standings = compareVariants(runs, { ...options, resamples, seed });
    const examples = runs[0].dev2.labels.length;
    const seeds = [...new Set(runs.map((run) => run.seed))].sort((a, b) => a - b);
    const comparison = {
      reference: options.reference,
      examples,
      seeds,
      resamples,
      standings,
      conformal: { level, sets: conformalRows(runs, level, seed) },
    } satisfies VariantComparison;
    await writeFile(join(output, "comparison.json"), `${JSON.stringify(comparison, null, 2)}\n`);
    const differences = standings.flatMap(({ difference }) => difference?.ece ?? []);
    const different = differences.filter(({ verdict }) => verdict !== "no evidence of a difference").length;
    summary(
      `${seeds.length} ${
        seeds.length === 1 ? "seed" : "seeds"
      }, ${examples} examples; the ECE differs from ` +
        `${options.reference}'s in ${different} of ${differences.length} comparisons`,
    );
  },
});

/** Prediction sets of each variant as trained: means over its seeds. */
function conformalRows(runs: readonly VariantRun[], level: number, seed: number) {
  return [...Map.groupBy(runs, ({ variant }) => variant)].flatMap(([variant, members]) =>
    (["thr", "aps"] as const).map((method) => {
      const sets = members.map(({ dev1, dev2 }) => conformalSets(method, dev1, dev2, { level, seed }));
      return {
        variant,
        method,
        coverage: mean(sets.map(({ coverage }) => coverage)),
        meanSize: mean(sets.map(({ meanSize }) => meanSize)),
      };
    })
  );
}
