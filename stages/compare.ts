import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { calibratorNames } from "../src/calibration/calibrators/calibrator.ts";
import { conformalSets } from "../src/calibration/metrics/conformal.ts";
import { compareVariants, type VariantRun } from "../src/calibration/variants.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { fitSplitSchema, type VariantComparison } from "../src/report/comparison.ts";
import { evaluationSchema } from "../src/report/evaluation.ts";
import { figuresAsJson } from "../src/report/json.ts";
import { inReportOrder, readMetrics } from "../src/report/results.ts";
import { meanCurves } from "../src/report/training_curve.ts";
import { readVariantRuns, type RunSplits } from "../src/report/variant_runs.ts";
import { mean } from "../src/statistics.ts";

const parameters = z.strictObject({
  reference: z.string().default("baseline").describe("The variant that the others are compared with."),
  calibrators: z.array(z.enum(calibratorNames)).default(["temperature"]).describe(
    "The calibrators that are fitted, anew for each training.",
  ),
  fitOn: fitSplitSchema.default("dev1").describe(
    "The split that calibrators are fitted on. For train, evaluate has to predict it (`trainPredictions`).",
  ),
  ensembles: z.array(z.string()).default([]).describe(
    "Variants whose trainings are also joined to a deep ensemble, which gets a row of its own. It takes two seeds or more.",
  ),
  resamples: z.int().min(100).default(2000).describe(
    "How often examples and seeds are resampled, in pairs, for the intervals.",
  ),
  conformalLevel: z.number().gt(0).lt(1).default(0.9).describe(
    "How often prediction sets should hold the true class.",
  ),
  seed: z.int().default(1).describe(
    "Seed of the resamples, of the labels redrawn for the floor of the ECE, and of randomised prediction sets.",
  ),
});

export default defineStage({
  description: "Compares the variants over their seeds, with intervals; makes ensembles and prediction sets",
  parameters,
  inputs: { evaluations: { description: "each training's predictions", many: true } },
  outputs: {
    "comparison.json": "all figures and differences with intervals, and the coverage of prediction sets",
  },
  async run({ parameters, inputs, output, summary }) {
    const { conformalLevel: level, fitOn, ...options } = parameters;
    const { resamples, seed } = options;
    const folders = [...inputs("evaluations").values()];
    const evaluations = inReportOrder(
      await Promise.all(folders.map((folder) => readMetrics(join(folder, "metrics.json"), evaluationSchema))),
    );
    const [{ metric, test }] = evaluations;
    const readRuns = async (fit: RunSplits["fit"], measured: RunSplits["measured"]) =>
      inReportOrder(await readVariantRuns(folders, { fit, measured }));
    const compareOn = (runs: readonly VariantRun[]) => ({
      examples: runs[0].measured.labels.length,
      standings: compareVariants(runs, { ...options, metric }),
    });
    const runs = await readRuns(fitOn, "dev2");
    const { examples, standings } = compareOn(runs);
    const seeds = [...new Set(runs.map((run) => run.seed))].sort((a, b) => a - b);
    const comparison = {
      reference: options.reference,
      examples,
      seeds,
      resamples,
      metric,
      fittedOn: fitOn,
      standings,
      ...(test && { test: compareOn(await readRuns(fitOn, "test")) }),
      curves: meanCurves(evaluations),
      losses: meanCurves(evaluations.map(({ variant, losses }) => ({ variant, curve: losses }))),
      conformal: {
        level,
        sets: conformalRows(fitOn === "dev1" ? runs : await readRuns("dev1", "dev2"), level, seed),
      },
    } satisfies VariantComparison;
    await writeFile(join(output, "comparison.json"), figuresAsJson(comparison));
    const differences = standings.flatMap(({ difference }) => difference?.ece ?? []);
    const different = differences.filter(({ verdict }) => verdict !== "no evidence of a difference").length;
    summary(
      `${seeds.length} ${
        seeds.length === 1 ? "seed" : "seeds"
      }, ${examples} examples; evidence of another ECE than ` +
        `${options.reference}'s in ${different} of ${differences.length} comparisons`,
    );
  },
});

/** Measures the prediction sets of each variant as trained, calibrated on dev1: means over its seeds. */
function conformalRows(runs: readonly VariantRun[], level: number, seed: number) {
  return [...Map.groupBy(runs, ({ variant }) => variant)].flatMap(([variant, members]) =>
    (["thr", "aps"] as const).map((method) => {
      const sets = members.map(({ fit, measured }) => conformalSets(method, fit, measured, { level, seed }));
      return {
        variant,
        method,
        coverage: mean(sets.map(({ coverage }) => coverage)),
        meanSize: mean(sets.map(({ meanSize }) => meanSize)),
      };
    })
  );
}
