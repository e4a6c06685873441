import type { Scores } from "../calibration/scores.ts";
import type { Row, Table } from "./document.ts";
import type { Evaluation } from "./evaluation.ts";
import { formatCount, formatDecimal, formatScore, formatShare, formatSpread } from "./format.ts";
import type { Results } from "./results.ts";

/** Two rows for each variant: as trained, and after temperature scaling. */
export function scoreTable(evaluations: readonly Evaluation[]): Table {
  return {
    caption: "Accuracy and calibration on dev2",
    headings: ["Variant", "Accuracy", "NLL", "Brier", "ECE", "Floor of ECE", "Debiased", "Class-wise"],
    groups: evaluations.map(({ variant, uncalibrated, temperature, calibrated }) => [
      scoreRow(variant, uncalibrated),
      scoreRow(`${variant}, ${temperatureText(temperature)}`, calibrated),
    ]),
  };
}

/** The temperature that was fitted, and that it is a mere bound where it is. */
export function temperatureText({ value, atBound }: Evaluation["temperature"]): string {
  return `T = ${formatScore(value)}${atBound ? " (bound)" : ""}`;
}

function scoreRow(name: string, scores: Scores): Row {
  return {
    name,
    cells: [
      formatShare(scores.accuracy),
      formatScore(scores.nll),
      formatScore(scores.brier),
      formatScore(scores.ece),
      formatSpread(scores.eceFloor.mean, scores.eceFloor.standardDeviation, 3),
      formatScore(scores.eceDebiased),
      formatScore(scores.eceClasswise),
    ],
  };
}

/** One row for each variant that has an energy. */
export function energyTable(evaluations: readonly Evaluation[]): Table {
  const rows = evaluations.flatMap(({ variant, energy }): Row[] =>
    energy === undefined ? [] : [{
      name: variant,
      cells: [
        formatSpread(energy.dataMean, energy.dataStandardDeviation, 2),
        formatSpread(energy.noiseMean, energy.noiseStandardDeviation, 2),
        formatShare(energy.noiseAccuracy),
      ],
    }]
  );
  return {
    caption: "Energy of texts of dev2 and of noise, mean ± standard deviation",
    headings: ["Variant", "Data", "Noise", "Told apart"],
    groups: [rows],
  };
}

/** The noise model's figures, and how many samples it gave. */
export function noiseTable({ noiseModel, noise }: Pick<Results, "noiseModel" | "noise">): Table {
  const samples = (name: string, { drawn, kept }: { readonly drawn: number; readonly kept: number }) => ({
    name,
    cells: [`${formatCount(kept)} of ${formatCount(drawn)}`],
  });
  return {
    caption: "Noise model and its samples",
    headings: ["Figure", "Value"],
    groups: [[
      { name: "Perplexity of held-out texts", cells: [formatDecimal(noiseModel.perplexity, 1)] },
      { name: "Tokens it is measured on", cells: [formatCount(noiseModel.evaluatedTokens)] },
      { name: "Masked tokens", cells: [formatShare(noiseModel.maskRate)] },
      { name: "Training steps", cells: [formatCount(noiseModel.steps)] },
      samples("Samples kept for training", noise.train),
      samples("Samples kept for evaluation", noise.evaluation),
    ]],
  };
}

/** How many rows of each class each split holds. */
export function dataTable({ classes, splits }: Results["data"]): Table {
  return {
    caption: "Rows of each split, by class",
    headings: ["Split", "Rows", ...classes],
    groups: [
      Object.entries(splits).map(([name, { rows, perClass }]) => ({
        name,
        cells: [rows, ...perClass].map(formatCount),
      })),
    ],
  };
}
