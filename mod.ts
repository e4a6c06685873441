/**
 * Classifiers that give texts calibrated probabilities, as a library. docs/library.md shows how to use it, and
 * how a program gets libtensorflow.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError, withoutAdvice } from "./src/errors.ts";
import { type Answer, answering, type AnswerOptions } from "./src/inference/answer.ts";
import { loadClassifier as load } from "./src/inference/classifier.ts";
import { calibratorName } from "./src/inference/model_digest.ts";
import { readyText } from "./src/inference/ready_text.ts";
import { predictSorted } from "./src/inference/sorted_prediction.ts";
import type { Text } from "./src/nn/text.ts";

export { InputError };
export type { Answer, AnswerOptions, Text };

/** How a classifier is loaded, and how it answers. */
export interface LoadOptions extends AnswerOptions {
  /**
   * The file with its calibrator, as evaluate and `deno task calibrate` write it; by default `calibrator.json`
   * in its folder, if that is there.
   */
  readonly calibrator?: string | undefined;
  /** What matrix products compute in; by default what the calibrator was fitted with, or else float32. */
  readonly precision?: "float32" | "bfloat16" | undefined;
  /** The CPU threads to compute with; by default as many as the machine has cores. */
  readonly threads?: number | undefined;
}

/** A classifier that is ready to answer. */
export interface TextClassifier extends Disposable {
  /** The names of its classes, in the order of the logits. */
  readonly classes: readonly string[];
  /** What is promised of its answers, and what isn't, in sentences. */
  readonly promises: readonly string[];
  /**
   * Classifies texts, or pairs of texts, and answers in their order.
   *
   * @throws {InputError} where a text is empty or none
   */
  classify(texts: readonly (string | Text)[]): Promise<readonly Answer[]>;
  /** Gives its memory back. */
  close(): void;
}

/**
 * Loads a classifier from a folder: one that finetune has written, or one of a family that docs/models.md lists and
 * that `AutoModelForSequenceClassification` of transformers loads.
 *
 * @throws {InputError} where the folder holds no such classifier, the calibrator is another model's, or
 * libtensorflow isn't there
 */
export async function loadClassifier(folder: string, options: LoadOptions = {}): Promise<TextClassifier> {
  const { calibrator, precision, threads = navigator.hardwareConcurrency } = options;
  const scratch = await Deno.makeTempDir(); // where libtensorflow reads the model's graph from
  const calibrators = () => [calibrator ?? join(folder, calibratorName)];
  const classifier = await load(folder, { calibrators, precision, threads, scratch })
    .finally(() => Deno.remove(scratch, { recursive: true }));
  const { answers, promises } = closingOnError(classifier, () => {
    if (calibrator === undefined || classifier.calibrator) return answering(classifier, options);
    const found = existsSync(calibrator) ? "no calibrator of this model" : "no such file";
    throw new InputError({ at: { file: calibrator }, found, expected: "the model's calibrator" });
  });
  return {
    classes: classifier.description.classes,
    promises,
    async classify(texts) {
      const ready = texts.map((text, index) => {
        const row = typeof text === "string" ? { text } : text;
        try {
          return readyText(row, {}, classifier, { file: "texts", line: index + 1 });
        } catch (error) {
          throw error instanceof InputError ? withoutAdvice(error) : error;
        }
      });
      const prediction = await predictSorted(classifier, ready.map(({ sequence }) => sequence));
      return answers(prediction, ready.map(({ cut }) => cut));
    },
    close: classifier.close,
    [Symbol.dispose]: classifier.close,
  };
}

/** Returns what `make` does, or closes the classifier and throws what it throws. */
function closingOnError<T>({ close }: { close(): void }, make: () => T): T {
  try {
    return make();
  } catch (error) {
    close();
    throw error;
  }
}
