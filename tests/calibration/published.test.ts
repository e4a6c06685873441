/** Exact answers stated by a published library's own tests, and figures of real classifiers' predictions. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { measureFile } from "../../src/calibration/measure.ts";
import {
  calibrationError,
  type CalibrationErrorOptions,
  classwiseCalibrationError,
} from "../../src/calibration/metrics/calibration_error.ts";
import type { Predictions } from "../../src/calibration/predictions/classified.ts";
import { measureFigures } from "../../src/calibration/metrics/figures.ts";
import { negativeLogLikelihood } from "../../src/calibration/metrics/proper_scores.ts";
import { readPredictionFile } from "../../src/calibration/predictions/file.ts";
import { forecastsFromLogits } from "../../src/calibration/predictions/forecasts.ts";
import { aurc } from "../../src/calibration/metrics/rank_curves.ts";
import { rankDescending, tallyRanks } from "../../src/calibration/metrics/ranks.ts";
import { softmax } from "../../src/calibration/predictions/softmax.ts";
import { applyTemperature, fitTemperature } from "../../src/calibration/calibrators/temperature.ts";
import { topLabel } from "../../src/calibration/metrics/top_label.ts";
import { assertClose } from "../close.ts";
import { withFiles } from "../data/files.ts";
import { fixture } from "../fixtures.ts";
import { shared } from "../shared.ts";
import { predictionsOf } from "./synthetic.ts";

interface MetricCase {
  readonly probs: readonly number[] | readonly (readonly number[])[];
  readonly labels?: readonly number[];
  readonly correct?: readonly number[];
  readonly bins?: number;
  readonly p?: number;
  readonly mode?: "positive-class" | "top-label" | "marginal";
  readonly expected: number;
}

interface SelectiveCase {
  readonly probs: readonly number[];
  readonly correct: readonly number[];
  readonly mean_selective_accuracy: number;
}

const metricCases = JSON.parse(readFileSync(fixture("verified_calibration.json"), "utf8"));

Deno.test("Kumar et al.'s own cases: equal width, equal mass, one bin of each distinct value", () => {
  const stated: Record<string, readonly MetricCase[]> = metricCases;
  for (const one of stated.ece_equal_width) check(one, { bins: one.bins });
  for (const one of stated.ece_equal_mass) check(one, { bins: one.bins, binning: "mass" });
  for (const one of stated.lp_calibration_error_discrete_bins) {
    if (one.p === 3) continue; // No one reports an l3 calibration error, and neither does this library.
    check(one, { bins: one.probs.length, binning: "mass", norm: one.p === 2 ? "l2" : "l1" });
  }
});

Deno.test("Kumar et al.'s own cases of selective accuracy, whose mean is 1 − AURC", () => {
  const stated: readonly SelectiveCase[] = metricCases.selective;
  for (const { probs, correct, mean_selective_accuracy } of stated) {
    const ranks = rankDescending(Float64Array.from(probs));
    const measured = aurc(tallyRanks(ranks, Uint8Array.from(correct)));
    assertClose([1 - measured], [mean_selective_accuracy], 1e-15);
  }
});

function check(
  { probs, labels, correct, mode, expected }: MetricCase,
  options: CalibrationErrorOptions,
): void {
  const probabilities = Float64Array.from(probs.flat());
  const outcomes = labels ?? correct ?? [];
  const classes = probabilities.length / outcomes.length;
  const measured = mode === "marginal"
    ? classwiseCalibrationError(probabilities, Int32Array.from(outcomes), classes, options)()
    : mode === "top-label"
    ? topLabelError(probabilities, Int32Array.from(outcomes), classes, options)
    : calibrationError(probabilities, Uint8Array.from(outcomes), options);
  assertClose([measured], [expected], 1e-9);
}

function topLabelError(
  probabilities: Float64Array,
  labels: Int32Array,
  classes: number,
  options: CalibrationErrorOptions,
): number {
  const { confidences, correct } = topLabel(probabilities, labels, classes);
  return calibrationError(confidences, correct, options);
}

/** n, accuracy, ECE in 10 and in 15 bins, NLL, Brier; computed elsewhere on the stored probabilities. */
const nliFigures: Readonly<Record<string, readonly number[]>> = {
  "MNLI_dev_roberta-base_0": [4772, 0.796521, 0.057510, 0.057510, 0.573062, 0.302552],
  "MNLI_test_roberta-base_0": [4907, 0.797432, 0.057340, 0.057340, 0.550086, 0.297045],
  "SNLI_dev_roberta-base_0": [4921, 0.916074, 0.029140, 0.029140, 0.265658, 0.134129],
  "SNLI_dev_roberta-base_1": [4921, 0.916684, 0.017596, 0.017654, 0.247844, 0.131498],
  "SNLI_dev_roberta-base_2": [4921, 0.918919, 0.031141, 0.030682, 0.244850, 0.127593],
  "SNLI_test_roberta-base_0": [4921, 0.919325, 0.022138, 0.022296, 0.249748, 0.127891],
  "SNLI_test_roberta-base_1": [4921, 0.905304, 0.019680, 0.021502, 0.255531, 0.138503],
  "SNLI_test_roberta-base_2": [4921, 0.915261, 0.032055, 0.030894, 0.256310, 0.134290],
};

for (const [name, expected] of Object.entries(nliFigures)) {
  const file = shared(`data/calibration/nli-predictions/${name}.json`);
  Deno.test({
    name: `${name}: accuracy, ECE, NLL and Brier score of a real classifier`,
    ignore: !file,
    fn: () => {
      const forecasts = forecastsFromLogits(readNli(file!));
      const { probabilities, labels, classes } = forecasts;
      const { accuracy, nll, brier } = measureFigures(forecasts, ["accuracy", "nll", "brier"])();
      const measured = [
        labels.length,
        accuracy,
        topLabelError(probabilities, labels, classes, { bins: 10 }),
        topLabelError(probabilities, labels, classes, { bins: 15 }),
        nll,
        brier,
      ];
      assertClose(measured, expected, 1e-6);
    },
  });
}

/** T fitted on SNLI's dev set; NLL of dev at T; NLL and ECE in 10 bins of the test set at T. */
const nliTemperatures = [
  [1.3000, 0.25216, 0.24093, 0.00783],
  [1.1286, 0.24516, 0.25253, 0.01028],
  [1.2641, 0.23417, 0.24391, 0.00853],
];

nliTemperatures.forEach(([temperature, ...figures], seed) => {
  const [dev, test] = ["dev", "test"].map((split) =>
    shared(`data/calibration/nli-predictions/SNLI_${split}_roberta-base_${seed}.json`)
  );
  Deno.test({
    name:
      `SNLI, seed ${seed}: the temperature that a golden-section search found, and what it does on the test set`,
    ignore: !dev || !test,
    fn: () => {
      const fitOn = readNli(dev!);
      const { value, atBound } = fitTemperature(fitOn);
      assert.equal(atBound, false);
      assertClose([value], [temperature], 1e-4);
      const scaledDev = applyTemperature(fitOn, value);
      const { logits, labels, classes } = applyTemperature(readNli(test!), value);
      const measured = [
        negativeLogLikelihood(scaledDev.logits, scaledDev.labels, scaledDev.classes),
        negativeLogLikelihood(logits, labels, classes),
        topLabelError(softmax(logits, classes), labels, classes, { bins: 10 }),
      ];
      assertClose(measured, figures, 2e-5);
    },
  });
});

const chaos = shared("data/human/ChaosNLI/chaosNLI_snli.jsonl");
const predicted = ["dev", "test"].map((split) =>
  shared(`data/calibration/nli-predictions/SNLI_${split}_roberta-base_0.json`)
);

Deno.test({
  name: "ChaosNLI: RoBERTa's predictions against a hundred votes a pair, as by SciPy 1.17.1 and NumPy",
  ignore: !chaos || predicted.includes(undefined),
  fn: () => {
    const logits = new Map(
      predicted.flatMap((file) => readNliRows(file!)).map((row) => [row.uid, row.logits]),
    );
    // The second class is neutral here, and contradiction in the predictions.
    const lines = linesOf<{ uid: string; label_count: readonly number[] }>(chaos!).map((
      { uid, label_count: [entailment, neutral, contradiction] },
    ) => ({
      ...{ id: uid, label: 0, logits: logits.get(uid) },
      votes: [entailment, contradiction, neutral].map((count) => count / 100),
    }));
    assert.equal(lines.length, 1514);
    return withFiles(
      { "a.jsonl": lines.map((line) => `${JSON.stringify(line)}\n`).join("") },
      async (folder) => {
        const file = await readPredictionFile(join(folder, "a.jsonl"));
        const figures = measureFile(file, [], { binning: {}, seed: 1 });
        const names = ["votes_cross_entropy", "votes_kl", "votes_total_variation", "votes_ece"];
        // As in metrics/vote_figures.test.ts, for 3 classes.
        const expected = [1.1704441669098957, 0.6173031800504526, 0.2593693363109574, 0.1534260028370037];
        assertClose(names.map((name) => figures[name] as number), expected, 1e-12);
      },
    );
  },
});

function readNli(file: string): Predictions {
  const rows = readNliRows(file);
  return predictionsOf(rows.map(({ logits }) => logits), rows.map((row) => row.true));
}

function readNliRows(file: string) {
  return linesOf<{ uid: string; true: number; logits: readonly number[] }>(file);
}

function linesOf<Line>(file: string): readonly Readonly<Line>[] {
  return readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
}
