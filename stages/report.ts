import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readDataset } from "../src/data/dataset.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { composeReport } from "../src/report/compose.ts";
import { comparisonSchema } from "../src/report/comparison.ts";
import { evaluationSchema } from "../src/report/evaluation.ts";
import { renderHtml } from "../src/report/html.ts";
import { renderMarkdown } from "../src/report/markdown.ts";
import { renderPlainTable } from "../src/report/plain.ts";
import {
  inReportOrder,
  noiseModelSchema,
  noiseSchema,
  readMetrics,
  type Results,
} from "../src/report/results.ts";
import { scoreTable } from "../src/report/tables.ts";

const parameters = z.strictObject({
  title: z.string().min(1).default("Joint energy-based training and calibration").describe(
    "The report's heading.",
  ),
});

export default defineStage({
  description: "Joins all figures into tables and reliability diagrams",
  parameters,
  inputs: {
    data: { description: "the prepared data set" },
    noiseModel: { description: "the trained noise model, for its perplexity" },
    noise: { description: "the noise texts, for their counts" },
    evaluations: { description: "each training's figures", many: true },
    comparison: { description: "the variants compared" },
  },
  outputs: {
    "report.md": "the tables, as Markdown",
    "report.html": "the tables and reliability diagrams, in one file to open in a browser",
    "results.json": "every figure of every variant",
  },
  async run({ parameters, input, inputs, output, summary }) {
    const { classes, splits } = await readDataset(input("data"));
    const evaluations = await Promise.all(
      [...inputs("evaluations").values()].map((folder) =>
        readMetrics(join(folder, "metrics.json"), evaluationSchema)
      ),
    );
    const results: Results = {
      title: parameters.title,
      data: { classes, splits },
      noiseModel: await readMetrics(join(input("noiseModel"), "metrics.json"), noiseModelSchema),
      noise: await readMetrics(join(input("noise"), "metrics.json"), noiseSchema),
      evaluations: inReportOrder(evaluations),
      comparison: await readMetrics(join(input("comparison"), "comparison.json"), comparisonSchema),
    };
    const report = composeReport(results);
    await writeFile(join(output, "report.md"), renderMarkdown(report));
    await writeFile(join(output, "report.html"), renderHtml(report));
    await writeFile(join(output, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
    summary(renderPlainTable(scoreTable(results.comparison)));
  },
});
