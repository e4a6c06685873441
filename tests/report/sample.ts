import type { Scores } from "../../src/calibration/metrics/scores.ts";
import type { VariantComparison } from "../../src/report/comparison.ts";
import type { Distributions } from "../../src/report/distributions.ts";
import type { Evaluation } from "../../src/report/evaluation.ts";
import type { FirstTraining } from "../../src/report/first_trainings.ts";
import type { Results } from "../../src/report/results.ts";
import type { Slices } from "../../src/report/slices.ts";

/** Made-up figures: nothing was measured. */
const scores: Scores = {
  accuracy: 0.8153,
  nll: 0.4321,
  brier: 0.2719,
  ece: 0.0525,
  ece_floor: { mean: 0.0284, standardDeviation: 0.0067 },
  ece_debiased: 0.0411,
  ece_classwise: 0.0555,
  reliability: [
    { lower: 0.5, upper: 0.55, count: 40, confidence: 0.53, accuracy: 0.45 },
    { lower: 0.95, upper: 1, count: 1460, confidence: 0.98, accuracy: 0.91 },
  ],
};

/** A training's loss terms, made up. */
const sampleLosses = [
  { step: 50, loss: 0.8, crossEntropy: 0.7, crossEntropyNorm: 2 },
  { step: 100, loss: 0.6, crossEntropy: 0.5, crossEntropyNorm: 1 },
];

/** One variant's evaluation with made-up figures. */
export function sampleEvaluation(variant: string, changes: Partial<Evaluation> = {}): Evaluation {
  return {
    variant,
    seed: 1,
    kept: { step: 300, lastStep: 300, steps: 300, why: "the last step" },
    examples: 1500,
    splits: { fit: "dev1", reported: "dev2" },
    uncalibrated: scores,
    temperature: { value: 1.5321, atBound: false },
    calibrated: { ...scores, nll: 0.4012, ece: 0.0231 },
    curve: [{ step: 100, accuracy: 0.7, nll: 0.6 }, { step: 200, accuracy: 0.8, nll: 0.5 }],
    losses: sampleLosses,
    ...changes,
  };
}

/** An energy with made-up figures. */
export const sampleEnergy = {
  dataMean: -2.315,
  dataStandardDeviation: 0.8,
  noiseMean: 1.94,
  noiseStandardDeviation: 1.1,
  cut: 0,
  noiseAccuracy: 0.9126,
};

const around = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });

/** Variants compared, with made-up figures: all are alike. */
export function sampleComparison(
  evaluations: readonly Evaluation[],
  changes: Partial<VariantComparison> = {},
): VariantComparison {
  const variants = [...new Set(evaluations.map(({ variant }) => variant))];
  const standing = (variant: string, calibrator: "none" | "temperature") => ({
    variant,
    calibrator,
    fits: calibrator === "none" ? [] : ["T = 1.532"],
    notes: [],
    runs: 1,
    ece_floor: { mean: 0.0284, standardDeviation: 0.0067 },
    figures: {
      accuracy: around(0.8153),
      nll: around(calibrator === "none" ? 0.4321 : 0.4012),
      brier: around(0.2719),
      ece: around(calibrator === "none" ? 0.0525 : 0.0231),
      ece_debiased: around(0.0411),
      ece_classwise: around(0.0555),
      smooth_ece: around(0.0402),
      auroc_error: { value: null, low: null, high: null },
      aurc: around(0.0612),
    },
    ...(variant === variants[0] ? {} : {
      difference: {
        accuracy: { ...around(0), verdict: "no evidence of a difference" as const },
        nll: { ...around(-0.02), verdict: "lower" as const },
        ece: { ...around(0.03), verdict: "higher" as const },
      },
    }),
  });
  return {
    reference: variants[0] ?? "baseline",
    examples: 1500,
    seeds: [1],
    resamples: 2000,
    fittedOn: "dev1",
    curves: variants.map((variant) => ({ variant, points: [{ step: 100, accuracy: 0.7, nll: 0.6 }] })),
    losses: variants.map((variant) => ({ variant, points: sampleLosses })),
    standings: variants.flatMap((variant) => [standing(variant, "none"), standing(variant, "temperature")]),
    conformal: {
      level: 0.9,
      sets: variants.flatMap((variant) => [
        { variant, method: "thr" as const, coverage: 0.9012, meanSize: 1.2345 },
        { variant, method: "aps" as const, coverage: 0.8987, meanSize: 1.3456 },
      ]),
    },
    ...changes,
  };
}

/** What a training's predictions look like, made up. */
function sampleDistributions({ variant, seed, energy }: Evaluation): Distributions {
  const bins = [{ lower: 0.5, upper: 0.75, first: 10, second: 5 }, {
    lower: 0.75,
    upper: 1,
    first: 80,
    second: 5,
  }];
  const curve = [{ confidence: 0.52, accuracy: 0.4 }, { confidence: 0.9, accuracy: 0.85 }, {
    confidence: 1,
    accuracy: 1,
  }];
  return {
    variant,
    seed,
    reliabilityCurves: { uncalibrated: curve, calibrated: curve },
    riskCoverage: [{ coverage: 0.5, risk: 0.02 }, { coverage: 0.8, risk: 0.0634 }, {
      coverage: 1,
      risk: 0.1,
    }],
    confidences: bins,
    votes: [
      { lower: 0.6, upper: 0.7, count: 15, confidence: 0.62, agreement: 0.55, quartiles: [0.4, 0.7] },
      { lower: 0.9, upper: 1, count: 85, confidence: 0.98, agreement: 0.9, quartiles: [0.85, 1] },
    ],
    ...(energy ? { energies: bins, energyCut: energy.cut } : {}),
  };
}

/** Everything that a report of these evaluations is made of. */
export function sampleResults(evaluations: readonly Evaluation[]): Results {
  const counts = { rows: 1500, perClass: [740, 760] };
  return {
    title: "A made-up report",
    sources: { data: "da7a".repeat(16), comparison: "c0de".repeat(16) },
    data: {
      classes: ["negative", "positive"],
      splits: { train: { rows: 12345, perClass: [6000, 6345] }, dev2: counts },
    },
    noiseModel: {
      objective: "masked-prefix",
      perplexity: 87.31,
      evaluatedTokens: 21034,
      maskRate: 0.4,
      steps: 400,
      keptStep: 400,
    },
    noise: {
      train: { drawn: 6800, kept: 6781 },
      evaluation: { drawn: 1500, kept: 1490 },
      strength: { texts: 4096, repeats: { noise: 0.312, data: 0.108 }, bagOfWordsAccuracy: 0.774 },
    },
    evaluations,
    comparison: sampleComparison(evaluations),
    distributions: evaluations.map(sampleDistributions),
    slices: evaluations.map(sampleSlices),
    mistakes: [{
      id: "r7",
      text: "not a bad film",
      label: "positive",
      votes: 0.61,
      answers: evaluations.map(({ variant }, at) => ({
        variant,
        predicted: "negative",
        confidence: 0.999 - 0.1 * at,
      })),
    }, {
      id: "r8",
      text: "a dull film",
      label: "negative",
      votes: 0.9,
      answers: [{ variant: evaluations[0]?.variant ?? "baseline", predicted: "positive", confidence: 0.912 }],
    }, {
      id: "r9",
      text: "a film",
      label: "negative",
      votes: 0.75,
      answers: [{ variant: evaluations[0]?.variant ?? "baseline", predicted: "positive", confidence: 0.823 }],
    }],
  };
}

/** How sure and right a variant is on parts of the texts, made up. */
function sampleSlices({ variant }: Evaluation): Slices {
  const part = { examples: 750, accuracy: 0.8, confidence: 0.875, chance: 0.0241 };
  return {
    variant,
    classes: [
      { name: "negative", texts: 740, found: 0.8123, given: part },
      { name: "positive", texts: 760, found: 0.7, given: null },
    ],
    lengths: [{ shortest: 3, longest: 1200, ...part }],
  };
}

/** Texts of a, aa, aaa, … and a training that gives the second class these probabilities. */
export function sampleTraining(variant: string, labels: readonly number[], probabilities: readonly number[]) {
  const rows = labels.map((label, row) => ({ id: `r${row}`, text: "a".repeat(row + 1), label }));
  const training: FirstTraining = {
    folder: variant,
    evaluation: sampleEvaluation(variant),
    dev2: {
      ids: rows.map(({ id }) => id),
      labels: Int32Array.from(labels),
      logits: Float64Array.from(probabilities.flatMap((p) => [0, Math.log(p / (1 - p))])),
      classes: 2,
    },
    noise: undefined,
  };
  return { rows, training };
}

/** Rounds the numbers of a value to six decimals. */
export const rounded = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (_, part) => typeof part === "number" ? Number(part.toFixed(6)) : part));
