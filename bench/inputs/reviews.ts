/**
 * The movie reviews as steps of each work, with their own lengths. Calibrant reads ids of the task's
 * vocabulary, other programs those of the full one.
 */
import { join } from "node:path";
import { readMovieReviews } from "../../src/data/movie_reviews.ts";
import { fractionsSchema, partition } from "../../src/data/partition.ts";
import type { Row } from "../../src/data/rows.ts";
import { forEachSplit, type Splits } from "../../src/data/splits.ts";
import { batches } from "../../src/ebm/training/batches.ts";
import { type NoiseSequenceOptions, prompt } from "../../src/ebm/noise_model/objective.ts";
import { noiseVocabulary } from "../../src/ebm/noise_model/vocabulary.ts";
import { taskVocabulary } from "../../src/nn/task_vocabulary.ts";
import { loadTokenizer } from "../../src/nn/tokenizer.ts";
import { randomStream } from "../../src/random.ts";
import type { Bench } from "../benchmark.ts";
import type { Batch, Step } from "./step.ts";

/** The same steps for both sides, each with the ids of its own vocabulary. */
export interface RealSteps {
  readonly ours: readonly Step[];
  readonly theirs: readonly Step[];
  /** Size of the task's vocabulary. */
  readonly vocabularySize: number;
}

/** Number of distinct steps; a longer measurement begins again with the first. */
const stepCount = 9;

/** Number of batches whose texts transformers' Trainer sorts by length together. */
const grouped = 50;

// The benchmarks keep these, so that their figures can be compared over time; maxTokens is the stages' default.
const maxTokens = 128;
export const sequence: NoiseSequenceOptions = {
  objective: "masked-prefix",
  maskRate: 0.4,
  prefixTokens: 40,
  prefixEnd: false,
  maxTokens: 96,
  firstPosition: 0,
};

/** Reads the reviews and divides all of them as prepare-data does by default. */
export async function readReviews({ root }: Pick<Bench, "root">): Promise<Splits> {
  const source = await readMovieReviews(join(root, "artifacts/setup/hutto-icwsm-2014"));
  const { splits } = partition(source, { seed: 1, fractions: fractionsSchema.parse({}), maxRows: {} });
  return forEachSplit((name) => [...splits[name]]);
}

/**
 * Makes steps of a classifier's training. Other reviews stand in for noise texts, which are about as long as
 * the reviews that they complete.
 */
export async function classifierSteps(
  { checkpoint }: Pick<Bench, "checkpoint">,
  { train, tune }: Splits,
  rows: number,
  batchesPerStep: number,
): Promise<RealSteps> {
  const tokenizer = await loadTokenizer(checkpoint);
  const encode = ({ text }: Row) => tokenizer.encode(text, undefined, maxTokens);
  const vocabulary = taskVocabulary([...train, ...tune].map(encode));
  const order = batches(train.length, rows, randomStream(1, "bench/order"));
  const theirs = Array.from(
    { length: stepCount },
    () =>
      stepOf(Array.from({ length: batchesPerStep }, (_, batch) => {
        const drawn = order.next().value.map((row) => train[row]);
        const texts = drawn.map((row) => [...encode(row).ids]);
        return batch === 0 ? { texts, labels: drawn.map(({ label }) => label) } : { texts };
      })),
  );
  const translate = (ids: readonly number[]) => Array.from(vocabulary.translate({ ids }).ids);
  return {
    ours: theirs.map((step) => translated(step, translate)),
    theirs,
    vocabularySize: vocabulary.ids.length,
  };
}

/**
 * Makes steps of a classifier's training for programs that pad: batches of texts of about the same length, such
 * as `group_by_length` of transformers' Trainer makes of fifty batches. Of these fifty, some from the shortest to
 * the longest stand for all.
 */
export async function groupedSteps(
  { checkpoint }: Pick<Bench, "checkpoint">,
  train: readonly Row[],
  rows: number,
  batchesPerStep: number,
): Promise<readonly Step[]> {
  const tokenizer = await loadTokenizer(checkpoint);
  const order = batches(train.length, grouped * rows, randomStream(1, "bench/grouped"));
  const streams = Array.from({ length: batchesPerStep }, () => {
    const texts = order.next().value.map((row) => ({
      ids: [...tokenizer.encode(train[row].text, undefined, maxTokens).ids],
      label: train[row].label,
    }));
    return texts.sort((a, b) => a.ids.length - b.ids.length);
  });
  return Array.from({ length: stepCount }, (_, step) =>
    stepOf(streams.map((texts, stream) => {
      // Each batch of a step has another length, as those of independent draws have.
      const start = rows * Math.floor((((step + stream) % stepCount) + 0.5) * grouped / stepCount);
      const batch = texts.slice(start, start + rows);
      const ids = batch.map(({ ids }) => ids);
      return stream === 0 ? { texts: ids, labels: batch.map(({ label }) => label) } : { texts: ids };
    })));
}

/** Makes one step of inference on the first texts of dev2, in batches of 64, with the full vocabulary. */
export async function inferenceSteps(
  { checkpoint }: Bench,
  { dev2 }: Splits,
  texts: number,
): Promise<Step[]> {
  const tokenizer = await loadTokenizer(checkpoint);
  const encoded = dev2.slice(0, texts).map((
    { text },
  ) => [...tokenizer.encode(text, undefined, maxTokens).ids]);
  const starts = Array.from({ length: Math.ceil(encoded.length / 64) }, (_, index) => 64 * index);
  return [stepOf(starts.map((start) => ({ texts: encoded.slice(start, start + 64) })))];
}

/**
 * Makes steps of sampling, in the noise model's vocabulary. The prompts of a step come from texts of about
 * one length, as `sample-noise` batches them.
 */
export async function samplingSteps(
  { checkpoint }: Bench,
  { train }: Splits,
  pieces: readonly number[],
  prompts: number,
): Promise<Step[]> {
  const vocabulary = noiseVocabulary(await loadTokenizer(checkpoint), pieces, 0);
  const byLength = train.map(({ text }) => vocabulary.encode(text)).sort((a, b) => a.length - b.length);
  const masks = randomStream(1, "bench/masks");
  return Array.from({ length: stepCount }, (_, step) => {
    // The steps' texts are taken from all over the order, so that together they are like the whole.
    const start = Math.floor((byLength.length - prompts) * ((4 * step) % stepCount) / (stepCount - 1));
    return stepOf([{
      texts: byLength.slice(start, start + prompts).map((text) => prompt(text, sequence, masks)),
    }]);
  });
}

function stepOf(batches: readonly Batch[]): Step {
  const tokens = batches.flatMap(({ texts }) => texts).reduce((total, { length }) => total + length, 0);
  return { tokens, batches };
}

function translated({ tokens, batches }: Step, translate: (ids: readonly number[]) => number[]): Step {
  return { tokens, batches: batches.map((batch) => ({ ...batch, texts: batch.texts.map(translate) })) };
}
