import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { checkAllSame } from "../src/calibration/predictions/same_examples.ts";
import { readDataset } from "../src/data/dataset.ts";
import { inPoolOrder, type Row } from "../src/data/rows.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { composeReport } from "../src/report/compose.ts";
import { comparisonSchema } from "../src/report/comparison.ts";
import { distributionsOf } from "../src/report/distributions.ts";
import { evaluationSchema } from "../src/report/evaluation.ts";
import { type FirstTraining, readFirstTrainings } from "../src/report/first_trainings.ts";
import { surestMistakes } from "../src/report/mistakes.ts";
import {
  inReportOrder,
  joinNoise,
  noiseModelSchema,
  noiseSchema,
  readMetrics,
  type Results,
} from "../src/report/results.ts";
import { readShownRows } from "../src/report/shown_rows.ts";
import { slicesOf } from "../src/report/slices.ts";
import { summaryText } from "../src/report/summary.ts";
import { chartsIn, writeCharts, writeReport } from "../src/report/write.ts";

const parameters = z.strictObject({
  title: z.string().min(1).default("Joint energy-based training and calibration").describe(
    "The report's heading.",
  ),
  note: z.string().min(1).optional().describe(
    "What a reader has to know of these trainings; it stands below the heading.",
  ),
  trainedNoiseModel: z.boolean().default(true).describe(
    "Whether the noise is a trained noise model's; it isn't where fill-noise made it.",
  ),
  showTexts: z.boolean().default(true).describe(
    "Whether texts of the data are shown; otherwise the names of their rows stand in their place.",
  ),
});

export default defineStage({
  description: "Says in words, tables and charts what came out",
  parameters,
  inputs: {
    data: { description: "the prepared data set" },
    noiseModel: {
      description: "the trained noise model, for its perplexity",
      when: ({ trainedNoiseModel }) => trainedNoiseModel,
    },
    noise: { description: "the noise texts, of one pool or several, for their figures", many: true },
    evaluations: { description: "each training's figures", many: true },
    comparison: { description: "the variants compared" },
  },
  outputs: {
    "report.md": "the tables, as Markdown",
    "report.html": "the tables and charts, in one file to open in a browser",
    "plots": "each chart as an SVG file",
    "results.json": "all figures of every variant",
    "summary.txt": "the verdict and a small table, which a run shows at its end",
  },
  async run({ parameters, input, inputs, output }) {
    const { classes, splits } = await readDataset(input("data"));
    const evaluated = await Promise.all([...inputs("evaluations").values()].map(async (folder) => {
      const evaluation = await readMetrics(join(folder, "metrics.json"), evaluationSchema);
      return { folder, evaluation, variant: evaluation.variant, seed: evaluation.seed };
    }));
    const ordered = inReportOrder(evaluated);
    const first = await readFirstTrainings(ordered);
    const rows = await readPredictedRows(input("data"), first, parameters);
    const comparison = join(input("comparison"), "comparison.json");
    const results: Results = {
      title: parameters.title,
      note: parameters.note,
      sources: {
        data: await digestOf(join(input("data"), "dataset.json")),
        comparison: await digestOf(comparison),
      },
      data: { classes, splits },
      noiseModel: parameters.trainedNoiseModel
        ? await readMetrics(join(input("noiseModel"), "metrics.json"), noiseModelSchema)
        : undefined,
      noise: joinNoise(
        await Promise.all(
          inPoolOrder(inputs("noise")).map((pool) => readMetrics(join(pool, "metrics.json"), noiseSchema)),
        ),
      ),
      evaluations: ordered.map(({ evaluation }) => evaluation),
      distributions: first.map(({ evaluation, dev2, noise }) =>
        distributionsOf(evaluation, dev2, noise?.energies)
      ),
      slices: first.map((training) => slicesOf(training, rows, classes)),
      mistakes: surestMistakes(first, rows, classes, parameters),
      comparison: await readMetrics(comparison, comparisonSchema),
    };
    const report = composeReport(results);
    await writeCharts(join(output, "plots"), chartsIn(report));
    await writeReport(output, report, { file: "results.json", content: results });
    await writeFile(join(output, "summary.txt"), summaryText(results));
  },
});

/**
 * Reads the texts of dev2, and checks that they are those that were predicted.
 *
 * @throws {InputError} where they aren't
 */
async function readPredictedRows(
  folder: string,
  trainings: readonly FirstTraining[],
  shown: { readonly showTexts: boolean },
): Promise<Row[]> {
  const file = join(folder, "dev2.jsonl");
  const rows = await readShownRows(file, shown);
  checkAllSame([
    ...trainings.map((one) => ({ name: join(one.folder, "predictions.dev2.jsonl"), predictions: one.dev2 })),
    {
      name: file,
      predictions: {
        ids: rows.map(({ id }) => id),
        labels: Int32Array.from(rows, ({ label }) => label),
        classes: trainings[0].dev2.classes,
      },
    },
  ]);
  return rows;
}

/** Returns the SHA-256 of a file, in hexadecimal digits. */
async function digestOf(file: string): Promise<string> {
  return createHash("sha256").update(await readFile(file)).digest("hex");
}
