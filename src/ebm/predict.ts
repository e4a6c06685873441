import type { Precision } from "../graph/graph.ts";
import { initialValues, readCheckpoint } from "../nn/checkpoint.ts";
import { pack } from "../nn/packing.ts";
import type { Text } from "../nn/text.ts";
import { loadTokenizer } from "../nn/tokenizer.ts";
import { openSession } from "../runtime/session.ts";
import { type ClassifierDescription, readClassifierDescription } from "./classifier_folder.ts";
import { predictorProgram } from "./classifier_program.ts";
import { weightFeeds } from "./weights.ts";

export interface Prediction {
  /** [texts × classes], row by row. */
  readonly logits: Float32Array;
  /** [texts]; empty for the baseline. */
  readonly energies: Float32Array;
}

/** A finetuned classifier, ready to predict. */
export interface Predictor {
  readonly description: ClassifierDescription;
  predict(texts: readonly Text[]): Prediction;
  close(): void;
}

export interface PredictorOptions {
  readonly precision: Precision;
  readonly scratch: string;
  readonly threads: number;
}

const batchSize = 64;

/** Loads a classifier's folder. Throws InputError where it is not complete. */
export async function loadPredictor(
  folder: string,
  { precision, scratch, threads }: PredictorOptions,
): Promise<Predictor> {
  const description = await readClassifierDescription(folder);
  const checkpoint = await readCheckpoint(folder);
  const tokenizer = await loadTokenizer(folder);
  const { config } = checkpoint;
  const shape = { config, variant: description.variant, classes: description.classes.length };
  const { program, variables } = predictorProgram(shape, precision);
  const session = await openSession(program, { scratch, threads });
  session.run("assign", weightFeeds(initialValues(variables, checkpoint)));

  function predict(texts: readonly Text[]): Prediction {
    const logits = new Float32Array(texts.length * shape.classes);
    const energies = new Float32Array(shape.variant === "baseline" ? 0 : texts.length);
    for (let start = 0; start < texts.length; start += batchSize) {
      const batch = texts.slice(start, start + batchSize);
      const sequences = batch.map(({ text, pair }) => tokenizer.encode(text, pair, description.maxTokens));
      const result = session.run("predict", pack(sequences, config.firstPosition, false));
      logits.set(result.floats("logits"), start * shape.classes);
      if (energies.length > 0) energies.set(result.floats("energy"), start);
    }
    return { logits, energies };
  }
  return { description, predict, close: session.close };
}
