import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { meanLogits } from "../src/calibration/predictions/ensemble.ts";
import {
  unlabelled,
  type UnlabelledPredictions,
  withLabels,
} from "../src/calibration/predictions/classified.ts";
import { writePredictions, writeUnlabelled } from "../src/calibration/predictions/logits_file.ts";
import type { LabelledLogits } from "../src/calibration/predictions/forecasts.ts";
import { score } from "../src/calibration/metrics/scores.ts";
import { applyTemperature, fitTemperature } from "../src/calibration/calibrators/temperature.ts";
import { mean, standardDeviation } from "../src/statistics.ts";
import { readDataset } from "../src/data/dataset.ts";
import { type NoiseRow, readNoiseRows, readRows } from "../src/data/rows.ts";
import { checkClasses } from "../src/ebm/classifier/folder.ts";
import { noiseAccuracy } from "../src/ebm/classifier/noise_accuracy.ts";
import { loadPredictor, type Predictor } from "../src/ebm/classifier/predictor.ts";
import { finetunedSchema } from "../src/ebm/classifier/variant.ts";
import { InputError } from "../src/errors.ts";
import { fitModelCalibrator, writeCalibrator } from "../src/inference/calibrator_file.ts";
import { modelDigest } from "../src/inference/model_digest.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { randomStream } from "../src/random.ts";
import type { Evaluation } from "../src/report/evaluation.ts";
import { readCurve } from "../src/report/results.ts";
import { smoothedLosses } from "../src/report/training_curve.ts";

const parameters = z.strictObject({
  variant: z.enum(finetunedSchema.in.options).describe(
    "The variant that is evaluated. mc-dropout is the baseline's classifier with dropout left on.",
  ),
  step: z.enum(["kept", "best"]).default("kept").describe(
    "The step of the training that is evaluated: the one that it kept, or the best beside it, where finetune has " +
      "`keep: both`.",
  ),
  dropoutPasses: z.int().positive().default(10).describe(
    "How many passes the predictions of mc-dropout are averaged over.",
  ),
  precision: z.enum(["float32", "bfloat16"]).default("float32").describe("What matrix products compute in."),
  trainPredictions: z.boolean().default(false).describe(
    "Whether the training texts are predicted too, for calibrators that are fitted on them.",
  ),
  seed: z.int().default(1).describe(
    "Seed of the labels redrawn for the floor of the ECE, and of what mc-dropout drops.",
  ),
});

export default defineStage({
  description: "Measures accuracy and calibration on dev2, before and after a temperature fitted on dev1",
  parameters,
  inputs: {
    data: { description: "the prepared data set" },
    classifier: { description: "the finetuned classifier" },
    noise: { description: "the noise texts, of one pool or several", many: true },
  },
  outputs: {
    "metrics.json": "accuracy, NLL, Brier score, ECE and energies",
    "calibrator.json": "the temperature, and what dev1 showed, for whoever predicts with this classifier",
    "predictions.dev1.jsonl": "logits and energy of each row that calibrators are fitted on",
    "predictions.dev2.jsonl": "logits and energy of each row that is reported",
    "predictions.train.jsonl": "those of the training texts, or none unless `trainPredictions` is set",
    "predictions.test.jsonl": "those of the data's own test set, or none where it has none",
    "predictions.noise.jsonl": "logits and energy of each noise text",
  },
  native: true,
  async run({ parameters, input, inputs, output, scratch, threads, profile, summary, progress }) {
    const { variant, step, dropoutPasses, trainPredictions, seed, precision } = parameters;
    const dropout = variant === "mc-dropout" ? randomStream(seed, "evaluate/dropout") : undefined;
    const passes = dropout ? dropoutPasses : 1;
    const folder = classifierFolder(input("classifier"), step);
    const classifier = await loadPredictor(folder, { precision, scratch, threads, profile, dropout });
    const { classes, metric, splits } = await readDataset(input("data"));
    checkClasses(classifier.description, classes);
    checkTrainedAs(classifier, variant, folder);
    const fileOf = (split: string) => join(output, `predictions.${split}.jsonl`);
    const predictSplit = async (split: "train" | "dev1" | "dev2" | "test") => {
      const rows = await readRows(join(input("data"), `${split}.jsonl`));
      const predictions = withLabels(predict(rows, classifier, passes), rows);
      await writePredictions(fileOf(split), predictions);
      return predictions;
    };
    const dev1 = await predictSplit("dev1");
    progress(1, 3, "dev1 predicted");
    const dev2 = await predictSplit("dev2");
    progress(2, 3, "dev2 predicted");
    const noiseRows = await Array.fromAsync(readNoiseRows(inputs("noise"), "evaluation"));
    const noise = predict(noiseRows, classifier, passes);
    await writeUnlabelled(join(output, "predictions.noise.jsonl"), noise);
    for (const file of ["train", "test"].map(fileOf)) await writeFile(file, "");
    const test = splits.test?.rows ? await predictSplit("test") : undefined; // none where no row has a label
    if (trainPredictions) await predictSplit("train");
    classifier.close();

    const model = { digest: await modelDigest(folder), variant, precision };
    await writeCalibrator(join(output, "calibrator.json"), fitModelCalibrator(model, classes, "dev1", dev1));
    const temperature = fitTemperature(dev1);
    const measure = (predictions: LabelledLogits) => ({
      uncalibrated: score(predictions, seed, metric),
      temperature,
      calibrated: score(applyTemperature(predictions, temperature.value), seed, metric),
    });
    const evaluation: Evaluation = {
      variant,
      seed: classifier.description.seed,
      kept: classifier.description.kept,
      metric,
      examples: dev2.labels.length,
      splits: { fit: "dev1", reported: "dev2" },
      ...measure(dev2),
      energy: dev2.energies && noise.energies &&
        energyFigures(dev2.energies, noise.energies, classifier.description.noiseRatio),
      test: test && { examples: test.labels.length, ...measure(test) },
      curve: await readCurve(join(input("classifier"), "tune.jsonl")),
      losses: smoothedLosses(
        await readCurve(join(input("classifier"), "training.jsonl")),
        classifier.description.kept.steps,
      ),
    };
    await writeFile(join(output, "metrics.json"), `${JSON.stringify(evaluation, null, 2)}\n`);
    const { uncalibrated, calibrated } = evaluation;
    const [before, after] = [uncalibrated.ece, calibrated.ece].map((ece) => ece.toFixed(3));
    const mcc = uncalibrated.mcc === undefined ? "" : `MCC ${uncalibrated.mcc.toFixed(3)}, `;
    const percent = (100 * uncalibrated.accuracy).toFixed(1);
    summary(`${mcc}accuracy ${percent} %, ECE ${before}, ${after} at T = ${temperature.value.toFixed(2)}`);
    if (dev2.energies && !noise.energies) {
      summary("warning: the noise has no text to evaluate on, so that its energies aren't measured");
    }
  },
});

/**
 * Returns the folder of the classifier that a training has kept, or of the best beside it.
 *
 * @throws {InputError} where there is none beside it
 */
function classifierFolder(training: string, step: "kept" | "best"): string {
  const kept = join(training, "model");
  const best = join(kept, "best");
  if (step === "kept") return kept;
  if (existsSync(best)) return best;
  throw new InputError({
    found: "a classifier without its training's best step",
    expected: "one that finetune trained with `keep: both`",
    fix: "Set `keep: both` for finetune, or leave `step` out.",
  });
}

/**
 * Checks that a classifier was trained as the variant that it is evaluated as, so that no result goes by
 * another's name.
 *
 * @throws {InputError}
 */
function checkTrainedAs({ description }: Predictor, variant: string, folder: string): void {
  if (description.variant === finetunedSchema.parse(variant)) return;
  throw new InputError({
    at: { file: join(folder, "classifier.json") },
    found: `a classifier that was trained as "${description.variant}"`,
    expected: `"${finetunedSchema.parse(variant)}", to be evaluated as "${variant}"`,
    fix: "Let `needs.classifier` and `params.variant` name the same variant.",
  });
}

/** Predicts texts. Several passes differ by dropout, and their probabilities are averaged. */
function predict(
  rows: readonly NoiseRow[],
  { predict, encode, description }: Predictor,
  passes: number,
): UnlabelledPredictions {
  const classes = description.classes.length;
  const all = Array.from({ length: passes }, () => predict(rows.map(encode)));
  const [{ logits, energies }] = all;
  const mean = passes === 1 ? logits : meanLogits(all.map((pass) => Float64Array.from(pass.logits)), classes);
  return unlabelled(rows, { logits: mean, energies }, classes);
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
    cut: 0 - Math.log(noiseRatio), // 0 where K is 1, not −0
    noiseAccuracy: noiseAccuracy(data, noise, noiseRatio),
  };
}
