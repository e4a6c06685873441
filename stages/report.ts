import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readPredictions, readUnlabelled } from "../src/calibration/predictions/logits_file.ts";
import { readDataset } from "../src/data/dataset.ts";
import { inPoolOrder } from "../src/data/rows.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { composeReport } from "../src/report/compose.ts";
import { comparisonSchema } from "../src/report/comparison.ts";
import { type Distributions, distributionsOf } from "../src/report/distributions.ts";
import { type Evaluation, evaluationSchema } from "../src/report/evaluation.ts";
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
import { writeCharts, writeReport } from "../src/report/write.ts";

/** An evaluated training and the folder that holds its predictions. */
interface Evaluated {
  readonly folder: string;
  readonly evaluation: Evaluation;
  readonly variant: string;
  readonly seed: number;
}

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
  },
  async run({ parameters, input, inputs, output, summary }) {
    const { classes, splits } = await readDataset(input("data"));
    const evaluated = await Promise.all([...inputs("evaluations").values()].map(async (folder) => {
      const evaluation = await readMetrics(join(folder, "metrics.json"), evaluationSchema);
      return { folder, evaluation, variant: evaluation.variant, seed: evaluation.seed };
    }));
    const ordered = inReportOrder(evaluated);
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
      distributions: await readDistributions(ordered),
      comparison: await readMetrics(comparison, comparisonSchema),
    };
    const report = composeReport(results);
    await writeCharts(join(output, "plots"), report);
    await writeReport(output, report, { file: "results.json", content: results });
    summary(renderPlainTable(scoreTable(results.comparison)));
  },
});

/** Reads the predictions of each variant's training with the first seed, one after the other. */
async function readDistributions(evaluated: readonly Evaluated[]): Promise<Distributions[]> {
  const [{ seed }] = evaluated;
  const distributions: Distributions[] = [];
  for (const { folder, evaluation } of evaluated.filter((one) => one.seed === seed)) {
    const predictions = await readPredictions(join(folder, "predictions.dev2.jsonl"));
    const noise = evaluation.energy && await readUnlabelled(join(folder, "predictions.noise.jsonl"));
    distributions.push(distributionsOf(evaluation, predictions, noise?.energies));
  }
  return distributions;
}

/** Returns the SHA-256 of a file, in hexadecimal digits. */
async function digestOf(file: string): Promise<string> {
  return createHash("sha256").update(await readFile(file)).digest("hex");
}
