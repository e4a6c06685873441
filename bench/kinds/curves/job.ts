import { join } from "node:path";
import { classifierProgram, type ClassifierShape, isHead } from "../../../src/ebm/classifier/program.ts";
import { batches } from "../../../src/ebm/training/batches.ts";
import { learningRate } from "../../../src/ebm/training/schedule.ts";
import type { Row } from "../../../src/data/rows.ts";
import type { Splits } from "../../../src/data/splits.ts";
import { initialValues, readCheckpoint } from "../../../src/nn/checkpoint.ts";
import { type TransformerConfig, withDropout } from "../../../src/nn/config.ts";
import { writeSafetensors } from "../../../src/nn/safetensors.ts";
import { taskVocabulary } from "../../../src/nn/task_vocabulary.ts";
import { loadTokenizer } from "../../../src/nn/tokenizer.ts";
import { randomStream } from "../../../src/random.ts";
import type { Bench } from "../../benchmark.ts";
import { writeRunFile } from "../../inputs/run_file.ts";
import type { Step } from "../../inputs/step.ts";

/** What all runs share, so that they differ only in how they round. */
export interface CurveJob {
  readonly config: TransformerConfig;
  /**
   * Path of a safetensors file with the first weights: the encoder for the task's vocabulary, and a new head.
   */
  readonly weights: string;
  /** The learning rate of each step. */
  readonly learningRates: readonly number[];
  readonly weightDecay: number;
  readonly clipNorm: number;
  /** Each step has three batches: labelled texts, texts of the data and noise. */
  readonly steps: readonly Step[];
  /** The texts to predict after the last step, as the task's ids. */
  readonly tune: readonly (readonly number[])[];
}

/** What a run prints. */
export interface Curve {
  /** The loss of each step. */
  readonly losses: readonly number[];
  /** The logits of tune, text by text. [texts × classes] */
  readonly logits: readonly number[];
}

// Those of a short training on all reviews.
const maxTokens = 128;
const schedule = { peak: 5e-5, warmupSteps: 20 };

/** Writes the job to a file of this run of the benchmarks and returns its path. */
export async function writeCurveJob(bench: Bench, { train, tune }: Splits): Promise<string> {
  const { checkpoint: folder, settings: { curves: { steps, rows, layers } } } = bench;
  const tokenizer = await loadTokenizer(folder);
  const encode = ({ text }: Row) => tokenizer.encode(text, undefined, maxTokens);
  const encoded = [train, tune].map((split) => split.map(encode));
  const vocabulary = taskVocabulary(encoded.flat());
  const [texts, tuneTexts] = encoded.map((split) =>
    split.map((sequence) => Array.from(vocabulary.translate(sequence).ids))
  );
  const checkpoint = await readCheckpoint(folder);
  // Dropout's masks differ from one implementation to the next, and so would all that follows.
  const config = withDropout({
    ...checkpoint.config,
    vocabularySize: vocabulary.ids.length,
    layers: layers ?? checkpoint.config.layers,
  }, 0);
  const weights = join(bench.folder, "curves.safetensors");
  await writeSafetensors(weights, initialWeights(config, vocabulary.restrict(checkpoint)));
  const labels = train.map(({ label }) => label);
  return writeRunFile(
    bench,
    "curves",
    {
      config,
      weights,
      learningRates: Array.from(
        { length: steps },
        (_, step) => learningRate({ ...schedule, steps }, step + 1),
      ),
      weightDecay: 0.1,
      clipNorm: 1,
      steps: curveSteps(texts, labels, steps, rows),
      tune: tuneTexts,
    } satisfies CurveJob,
  );
}

function initialWeights(config: TransformerConfig, checkpoint: Parameters<typeof initialValues>[1]) {
  const { variables } = classifierProgram({
    ...shapeOf(config),
    ...objective,
    ...{ precision: "float32", weightDecay: 0, clipNorm: 1, parts: 1, turns: 1 },
  });
  return initialValues(variables, checkpoint, { isNew: isHead, random: randomStream(1, "bench/head") });
}

/** The loss that a run minimises. */
export const objective = { classLoss: { kind: "cross-entropy" }, noiseRatio: 1, energyWeight: 1 } as const;

/** The classifier's shape in the runs. */
export function shapeOf(config: TransformerConfig): ClassifierShape {
  return { config, variant: "hidden", classes: 2 };
}

/**
 * Draws the batches of each step. Noise is other reviews with their pieces shuffled, which are so easy to
 * tell from real texts that the loss of the energy falls too.
 */
function curveSteps(
  texts: readonly (readonly number[])[],
  labels: readonly number[],
  steps: number,
  rows: number,
): Step[] {
  const order = batches(texts.length, rows, randomStream(1, "bench/curves"));
  const pieces = randomStream(1, "bench/curve-noise");
  return Array.from({ length: steps }, () => {
    const [labelled, data, noise] = [1, 2, 3].map(() => order.next().value);
    const drawn = (wanted: readonly number[]) => wanted.map((row) => texts[row]);
    const disordered = ([first, ...rest]: readonly number[]) => {
      return [first, ...pieces.shuffle(rest.slice(0, -1)), rest.at(-1)!];
    };
    const batch = [
      { texts: drawn(labelled), labels: labelled.map((row) => labels[row]) },
      { texts: drawn(data) },
      { texts: drawn(noise).map(disordered) },
    ];
    return {
      tokens: batch.flatMap(({ texts }) => texts).reduce((total, { length }) => total + length, 0),
      batches: batch,
    };
  });
}
