import type { Precision } from "../../graph/graph.ts";
import { initialValues, readCheckpoint } from "../../nn/checkpoint.ts";
import type { Sequence } from "../../nn/sequence.ts";
import type { Text } from "../../nn/text.ts";
import { loadTokenizer } from "../../nn/tokenizer.ts";
import type { RandomStream } from "../../random.ts";
import { openSession, type SessionOptions } from "../../runtime/session.ts";
import { type ClassifierDescription, readClassifierDescription } from "./folder.ts";
import { predictorProgram } from "./program.ts";
import { type Prediction, predictionBatch, predictSequences } from "./predict.ts";

/** A finetuned classifier that is ready to predict. */
export interface Predictor {
  readonly description: ClassifierDescription;
  encode(text: Text): Sequence;
  predict(sequences: readonly Sequence[]): Prediction;
  close(): void;
}

export interface PredictorOptions extends SessionOptions {
  readonly precision: Precision;
  /** Leaves dropout on as in training and decides what is dropped; without it nothing is dropped. */
  readonly dropout?: RandomStream | undefined;
}

/** Loads a finetuned classifier from its folder. Throws InputError where the folder isn't complete. */
export async function loadPredictor(
  folder: string,
  { precision, dropout, ...options }: PredictorOptions,
): Promise<Predictor> {
  const description = await readClassifierDescription(folder);
  const checkpoint = await readCheckpoint(folder);
  const tokenizer = await loadTokenizer(folder);
  const { config } = checkpoint;
  const shape = { config, variant: description.variant, classes: description.classes.length };
  const parts = Math.min(options.threads, predictionBatch);
  const program = predictorProgram(shape, (variables) => initialValues(variables, checkpoint), {
    precision,
    parts,
    dropout: dropout !== undefined,
  });
  const session = await openSession(program, options);
  const seed = (): Record<string, number> => dropout ? { seed: dropout.integer(2 ** 31) } : {};
  return {
    description,
    encode: ({ text, pair }) => tokenizer.encode(text, pair, description.maxTokens),
    predict: (sequences) => predictSequences(session, shape, sequences, parts, seed),
    close: session.close,
  };
}
