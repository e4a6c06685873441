import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readDataset } from "../src/data/dataset.ts";
import { inPoolOrder } from "../src/data/rows.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { composeReport } from "../src/report/compose.ts";
import { comparisonSchema } from "../src/report/comparison.ts";
import { evaluationSchema } from "../src/report/evaluation.ts";
import { renderPlainTable } from "../src/report/plain.ts";
import {
  inReportOrder,
  joinNoise,
  noiseModelSchema,
  noiseSchema,
  readMetrics,
  type Results,
} from "../src/report/results.ts";
import { scoreTable } from "../src/report/tables.ts";
import { writeReport } from "../src/report/write.ts";

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
});

export default defineStage({
  description: "Joins all figures into tables and reliability diagrams",
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
    "report.html": "the tables and reliability diagrams, in one file to open in a browser",
    "results.json": "all figures of every variant",
  },
  async run({ parameters, input, inputs, output, summary }) {
    const { classes, splits } = await readDataset(input("data"));
    const evaluations = await Promise.all(
      [...inputs("evaluations").values()].map((folder) =>
        readMetrics(join(folder, "metrics.json"), evaluationSchema)
      ),
    );
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
      evaluations: inReportOrder(evaluations),
      comparison: await readMetrics(comparison, comparisonSchema),
    };
    const report = composeReport(results);
    await writeReport(output, report, { file: "results.json", content: results });
    summary(renderPlainTable(scoreTable(results.comparison)));
  },
});

/** Returns the SHA-256 of a file, in hexadecimal digits. */
async function digestOf(file: string): Promise<string> {
  return createHash("sha256").update(await readFile(file)).digest("hex");
}
