import type { Precision } from "../graph/graph.ts";
import { initialValues, readCheckpoint } from "../nn/checkpoint.ts";
import { packParts, type Sequence } from "../nn/packing.ts";
import type { Text } from "../nn/text.ts";
import { loadTokenizer } from "../nn/tokenizer.ts";
import { openSession, type Session, type SessionOptions } from "../runtime/session.ts";
import { type ClassifierDescription, readClassifierDescription } from "./classifier_folder.ts";
import { type ClassifierShape, predictorProgram } from "./classifier_program.ts";
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

export interface PredictorOptions extends SessionOptions {
  readonly precision: Precision;
}

const batchSize = 64;

/** Loads a classifier's folder. Throws InputError where it is not complete. */
export async function loadPredictor(
  folder: string,
  { precision, ...options }: PredictorOptions,
): Promise<Predictor> {
  const description = await readClassifierDescription(folder);
  const checkpoint = await readCheckpoint(folder);
  const tokenizer = await loadTokenizer(folder);
  const { config } = checkpoint;
  const shape = { config, variant: description.variant, classes: description.classes.length };
  const parts = Math.min(options.threads, batchSize);
  const { program, variables } = predictorProgram(shape, { precision, parts });
  const session = await openSession(program, options);
  session.run("assign", weightFeeds(initialValues(variables, checkpoint)));

  const encode = ({ text, pair }: Text) => tokenizer.encode(text, pair, description.maxTokens);
  return {
    description,
    predict: (texts) => predictSequences(session, shape, texts.map(encode), parts),
    close: session.close,
  };
}

/** Predictions of a classifier whose weights are in the session, for any number of sequences. */
export function predictSequences(
  session: Pick<Session<"predict">, "run">,
  { config, variant, classes }: ClassifierShape,
  sequences: readonly Sequence[],
  parts: number,
): Prediction {
  const logits = new Float32Array(sequences.length * classes);
  const energies = new Float32Array(variant === "baseline" ? 0 : sequences.length);
  for (let start = 0; start < sequences.length; start += batchSize) {
    const batch = sequences.slice(start, start + batchSize);
    while (batch.length < parts) batch.push(batch[0]); // no part may be empty; what comes of it is passed over
    const { feeds, order } = packParts(batch, config.firstPosition, parts);
    const result = session.run("predict", feeds);
    for (const [position, row] of order.entries()) {
      const text = start + row;
      if (text >= sequences.length) continue;
      logits.set(
        result.floats("logits").subarray(position * classes, (position + 1) * classes),
        text * classes,
      );
      if (energies.length > 0) energies[text] = result.floats("energy")[position];
    }
  }
  return { logits, energies };
}
