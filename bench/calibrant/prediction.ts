import { answering } from "../../src/inference/answer.ts";
import { loadClassifier } from "../../src/inference/classifier.ts";
import { readyText } from "../../src/inference/ready_text.ts";
import { predictSorted } from "../../src/inference/sorted_prediction.ts";
import type { Precision } from "../../src/graph/graph.ts";
import type { Perform, WorkOptions } from "./perform.ts";

/** Predicts in each step all texts of a file, which is a JSON list. */
export interface PredictionWork {
  readonly kind: "prediction";
  /** Path of the classifier's folder. */
  readonly model: string;
  readonly precision: Precision;
  readonly texts: string;
}

/** Loads a classifier and answers as the library does, from texts to probabilities. */
export async function preparePrediction(
  { model, precision, texts: file }: PredictionWork,
  options: WorkOptions,
): Promise<Perform> {
  const classifier = await loadClassifier(model, { ...options, precision, calibrators: () => [] });
  const { answers } = answering(classifier, {});
  const texts: string[] = JSON.parse(await Deno.readTextFile(file));
  return async () => {
    const ready = texts.map((text, row) => readyText({ text }, {}, classifier, { file, line: row + 1 }));
    const prediction = await predictSorted(classifier, ready.map(({ sequence }) => sequence));
    answers(prediction, ready.map(({ cut }) => cut));
    return ready.reduce((tokens, { sequence: { ids } }) => tokens + ids.length, 0);
  };
}
