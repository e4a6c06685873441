import { softmax } from "../calibration/softmax.ts";
import type { Precision } from "../graph/graph.ts";
import { initialValues, readCheckpoint } from "../nn/checkpoint.ts";
import type { Sequence } from "../nn/packing.ts";
import type { Text } from "../nn/text.ts";
import { loadTokenizer } from "../nn/tokenizer.ts";
import type { RandomStream } from "../random.ts";
import { openSession, type SessionOptions } from "../runtime/session.ts";
import { type ClassifierDescription, readClassifierDescription } from "./classifier_folder.ts";
import { predictorProgram } from "./classifier_program.ts";
import { type Prediction, predictionBatch, predictSequences } from "./predict.ts";
import { weightFeeds } from "./weights.ts";

/** A finetuned classifier, ready to predict. */
export interface Predictor {
  readonly description: ClassifierDescription;
  encode(text: Text): Sequence;
  predict(sequences: readonly Sequence[]): Prediction;
  close(): void;
}

/** MC dropout (Gal and Ghahramani 2016): predictions are means over passes with dropout as in training. */
export interface DropoutPasses {
  readonly passes: number;
  /** Decides what is dropped. */
  readonly random: RandomStream;
}

export interface PredictorOptions extends SessionOptions {
  readonly precision: Precision;
  readonly dropout?: DropoutPasses;
}

/** Loads a classifier's folder. Throws InputError where it is not complete. */
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
  const { program, variables } = predictorProgram(shape, {
    precision,
    parts,
    dropout: dropout !== undefined,
  });
  const session = await openSession(program, options);
  session.run("assign", weightFeeds(initialValues(variables, checkpoint)));
  const seed = (): Record<string, number> => dropout ? { seed: dropout.random.integer(2 ** 31) } : {};
  const pass = (sequences: readonly Sequence[]) => predictSequences(session, shape, sequences, parts, seed);
  return {
    description,
    encode: ({ text, pair }) => tokenizer.encode(text, pair, description.maxTokens),
    predict: (sequences) =>
      dropout ? meanOf(dropout.passes, () => pass(sequences), shape.classes) : pass(sequences),
    close: session.close,
  };
}

/** The mean of several passes' probabilities, as logits, and that of their energies. */
function meanOf(passes: number, pass: () => Prediction, classes: number): Prediction {
  const all = Array.from({ length: passes }, pass);
  const probabilities = all.map(({ logits }) => softmax(Float64Array.from(logits), classes));
  const mean = (columns: readonly ArrayLike<number>[]) =>
    Float32Array.from(columns[0], (_, at) => columns.reduce((sum, column) => sum + column[at], 0) / passes);
  return {
    logits: mean(probabilities).map(Math.log),
    energies: mean(all.map(({ energies }) => energies)),
  };
}
