/**
 * Calibrant's part in the comparisons: a process does one work, and steps when it is told to
 * (measuring/turns.ts).
 *
 *   worker.ts WORK STEPS SCRATCH THREADS      (WORK as JSON, STEPS a file)
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { type ClassifierWork, prepareClassifier } from "./classifier.ts";
import { type InferenceWork, prepareInference } from "./inference.ts";
import { type NoiseModelWork, prepareNoiseModel } from "./noise_model.ts";
import { type PredictionWork, preparePrediction } from "./prediction.ts";
import { prepareSampling, type SamplingWork } from "./sampling.ts";
import type { Step } from "../inputs/step.ts";
import type { Perform, WorkOptions } from "./perform.ts";
import { prepareTokenizer, type TokenizerWork } from "./tokenizer.ts";

/** What a process of Calibrant's can do. */
export type Work =
  | ClassifierWork
  | InferenceWork
  | NoiseModelWork
  | PredictionWork
  | SamplingWork
  | TokenizerWork;

function prepare(work: Work, options: WorkOptions, first: Step): Promise<Perform> {
  switch (work.kind) {
    case "classifier":
      return prepareClassifier(work, options, first);
    case "inference":
      return prepareInference(work, options);
    case "noise-model":
      return prepareNoiseModel(work, options);
    case "prediction":
      return preparePrediction(work, options);
    case "sampling":
      return prepareSampling(work, options);
    case "tokenizer":
      return prepareTokenizer(work);
  }
}

if (import.meta.main) {
  const [work, stepsFile, scratch, threads] = Deno.args;
  const steps: Step[] = JSON.parse(await Deno.readTextFile(stepsFile));
  const perform = await prepare(JSON.parse(work), { scratch, threads: Number(threads) }, steps[0]);
  await perform(steps[0]); // much of the first step is TensorFlow's preparing, on one core
  let next = 1;
  console.log(JSON.stringify({ warm: true }));
  for await (const line of createInterface({ input: process.stdin })) {
    const taken = [];
    for (let step = 0; step < Number(line); step++) {
      const started = performance.now();
      const tokens = await perform(steps[next++ % steps.length]);
      taken.push({ milliseconds: performance.now() - started, tokens });
    }
    const peakMebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
    console.log(JSON.stringify({ steps: taken, peakMebibytes }));
  }
}
