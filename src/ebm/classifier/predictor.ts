import type { Precision } from "../../graph/graph.ts";
import { initialValues, readCheckpoint } from "../../nn/checkpoint.ts";
import type { TransformerConfig } from "../../nn/config.ts";
import type { Sequence } from "../../nn/sequence.ts";
import type { Text } from "../../nn/text.ts";
import { loadTokenizer } from "../../nn/tokenizer.ts";
import type { RandomStream } from "../../random.ts";
import { openSession, type SessionOptions } from "../../runtime/session.ts";
import { type ClassifierDescription, readClassifierDescription, type ReadsTexts } from "./folder.ts";
import { predictorProgram } from "./program.ts";
import { type Prediction, predictionBatch, predictSequences } from "./predict.ts";

/** A finetuned classifier that is ready to predict. */
export interface Predictor<Description extends ReadsTexts = ClassifierDescription> {
  readonly description: Description;
  /** The sizes of its encoder. */
  readonly config: TransformerConfig;
  encode(text: Text): Sequence;
  /** Whether a text has more tokens than the classifier reads, so that its sequence lacks a part of it. */
  isCut(text: Text, sequence: Sequence): boolean;
  predict(sequences: readonly Sequence[]): Prediction;
  close(): void;
}

export interface PredictorOptions extends SessionOptions {
  readonly precision: Precision;
  /** Leaves dropout on as in training and decides what is dropped; without it nothing is dropped. */
  readonly dropout?: RandomStream | undefined;
}

/** Loads a finetuned classifier from its folder. Throws InputError where the folder isn't complete. */
export async function loadPredictor(folder: string, options: PredictorOptions): Promise<Predictor> {
  return await openPredictor(folder, await readClassifierDescription(folder), options);
}

/** Loads a classifier that is described elsewhere. Throws InputError where the folder isn't complete. */
export async function openPredictor<Description extends ReadsTexts>(
  folder: string,
  description: Description,
  { precision, dropout, ...options }: PredictorOptions,
): Promise<Predictor<Description>> {
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
  const { maxTokens } = description;
  return {
    description,
    config,
    encode: ({ text, pair }) => tokenizer.encode(text, pair, maxTokens),
    // Only a text that fills the limit may have more tokens, so few are encoded again.
    isCut: ({ text, pair }, { ids }) =>
      ids.length === maxTokens && tokenizer.encode(text, pair, maxTokens + 1).ids.length > maxTokens,
    predict: (sequences) => predictSequences(session, shape, sequences, parts, seed),
    close: session.close,
  };
}
