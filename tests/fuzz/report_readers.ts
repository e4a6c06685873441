/** Reads the figures that stages wrote. */

import { join } from "node:path";
import { evaluationSchema } from "../../src/report/evaluation.ts";
import { noiseSchema, readMetrics } from "../../src/report/results.ts";
import { jsonOf, type Reader } from "./reader.ts";

const scores = {
  ...{ accuracy: 0.8, nll: 0.4, brier: 0.3, ece: 0.05, ece_debiased: 0.04, ece_classwise: 0.06 },
  ece_floor: { mean: 0.02, standardDeviation: 0.005 },
  reliability: [{ lower: 0.95, upper: 1, count: 10, confidence: 0.97, accuracy: 0.8 }],
};

const evaluation = {
  ...{ variant: "hidden", seed: 1, examples: 10, splits: { fit: "dev1", reported: "dev2" } },
  kept: { step: 100, lastStep: 200, steps: 300, why: "the lowest nll of 2 evaluations" },
  ...{ uncalibrated: scores, temperature: { value: 1.5, atBound: false }, calibrated: scores },
  energy: {
    ...{ dataMean: -3, dataStandardDeviation: 1, noiseMean: 2, noiseStandardDeviation: 1 },
    cut: 0,
    noiseAccuracy: 0.9,
  },
  curve: [{ step: 100, accuracy: 0.8, nll: 0.4, ece: 0.05, noiseAccuracy: 0.9 }],
  losses: [{ step: 50, loss: 0.7, crossEntropy: 0.6, crossEntropyNorm: 1 }],
};

const noise = {
  ...{ train: { drawn: 10, kept: 9 }, evaluation: { drawn: 5, kept: 5 } },
  strength: { texts: 9, repeats: { noise: 0.4, data: 0.1 }, bagOfWordsAccuracy: 0.6 },
};

export const reportReaders: readonly Reader[] = [
  {
    name: "readMetrics of an evaluation",
    corpus: jsonOf(evaluation),
    file: "metrics.json",
    read: (folder) => readMetrics(join(folder, "metrics.json"), evaluationSchema),
  },
  {
    name: "readMetrics of noise",
    corpus: jsonOf(noise),
    file: "metrics.json",
    read: (folder) => readMetrics(join(folder, "metrics.json"), noiseSchema),
  },
];
