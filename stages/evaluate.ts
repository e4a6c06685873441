import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Predictions, writePredictions } from "../src/calibration/predictions.ts";
import { score } from "../src/calibration/scores.ts";
import { applyTemperature, fitTemperature } from "../src/calibration/temperature.ts";
import { readNoiseRows, readRows, type Row } from "../src/data/rows.ts";
import { mean, noiseAccuracy, standardDeviation } from "../src/ebm/energy_figures.ts";
import { loadPredictor, type Predictor } from "../src/ebm/predictor.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import type { Evaluation } from "../src/report/evaluation.ts";

const parameters = z.strictObject({
  variant: z.string().describe("The variant that is evaluated, for the report."),
  precision: z.enum(["float32", "bfloat16"]).default("float32").describe("What matrix products compute in."),
  seed: z.int().default(1).describe(
    "Seed of the redrawn labels from which the floor of the ECE is measured.",
  ),
});

export default defineStage({
  description: "Measures accuracy and calibration on dev2, before and after a temperature fitted on dev1",
  parameters,
  inputs: {
    data: { description: "the prepared data set" },
    classifier: { description: "the finetuned classifier" },
    noise: { description: "the noise texts", when: ({ variant }) => variant !== "baseline" },
  },
  outputs: {
    "metrics.json": "accuracy, NLL, Brier score, ECE and energies",
    "predictions.dev1.jsonl": "logits and energy of each row that calibrators are fitted on",
    "predictions.dev2.jsonl": "logits and energy of each row that is reported",
  },
  native: true,
  async run({ parameters, input, output, scratch, threads, profile, summary, progress }) {
    const { variant, seed, precision } = parameters;
    const classifier = await loadPredictor(join(input("classifier"), "model"), {
      precision,
      scratch,
      threads,
      profile,
    });
    const predictSplit = async (split: "dev1" | "dev2") => {
      const rows = await readRows(join(input("data"), `${split}.jsonl`));
      const predictions = asPredictions(rows, classifier);
      await writePredictions(join(output, `predictions.${split}.jsonl`), predictions);
      return predictions;
    };
    const dev1 = await predictSplit("dev1");
    progress(1, 3, "dev1 predicted");
    const dev2 = await predictSplit("dev2");
    progress(2, 3, "dev2 predicted");

    const temperature = fitTemperature(dev1);
    const noise = variant === "baseline" ? [] : await readNoiseRows(join(input("noise"), "evaluation.jsonl"));
    const noiseEnergies = classifier.predict(noise.map(classifier.encode)).energies;
    const evaluation: Evaluation = {
      variant,
      seed,
      examples: dev2.labels.length,
      splits: { fit: "dev1", reported: "dev2" },
      uncalibrated: score(dev2, seed),
      temperature,
      calibrated: score(applyTemperature(dev2, temperature.value), seed),
      energy: dev2.energies && energyFigures(dev2.energies, noiseEnergies, classifier.description.noiseRatio),
    };
    classifier.close();
    await writeFile(join(output, "metrics.json"), `${JSON.stringify(evaluation, null, 2)}\n`);
    const { uncalibrated, calibrated } = evaluation;
    const [before, after] = [uncalibrated.ece, calibrated.ece].map((ece) => ece.toFixed(3));
    const percent = (100 * uncalibrated.accuracy).toFixed(1);
    summary(`accuracy ${percent} %, ECE ${before}, ${after} at T = ${temperature.value.toFixed(2)}`);
  },
});

function asPredictions(rows: readonly Row[], classifier: Predictor): Predictions {
  const { logits, energies } = classifier.predict(rows.map(classifier.encode));
  const votes = rows.map((row) => row.votes);
  return {
    ids: rows.map(({ id }) => id),
    labels: Int32Array.from(rows, ({ label }) => label),
    logits: Float64Array.from(logits),
    classes: classifier.description.classes.length,
    ...(energies.length > 0 ? { energies: Float64Array.from(energies) } : {}),
    ...(votes.every((vote) => vote !== undefined) ? { votes: Float64Array.from(votes) } : {}),
  };
}

function energyFigures(
  data: ArrayLike<number>,
  noise: ArrayLike<number>,
  noiseRatio: number,
): Evaluation["energy"] {
  return {
    dataMean: mean(data),
    dataStandardDeviation: standardDeviation(data),
    noiseMean: mean(noise),
    noiseStandardDeviation: standardDeviation(noise),
    noiseAccuracy: noiseAccuracy(data, noise, noiseRatio),
  };
}
