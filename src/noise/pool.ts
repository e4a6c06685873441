/** A pool of noise: the texts that a stage writes for classifiers to tell from the data. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type NoisePair, type NoiseStrength, noiseStrength } from "../analysis/noise_strength.ts";
import { type NoiseRow, type NoiseUse, readRows, type Row, writeRowBlocks } from "../data/rows.ts";
import { fewSamples } from "../data/training_warnings.ts";
import { InputError } from "../errors.ts";
import type { Sequence } from "../nn/sequence.ts";
import type { Text } from "../nn/text.ts";
import type { Tokenizer } from "../nn/tokenizer.ts";
import { randomStream } from "../random.ts";
import { type Block, blocksOf, blocksOfShard } from "../ebm/noise_model/blocks.ts";
import { completeTexts, type Completion, openSampledBatches } from "../ebm/noise_model/completion.ts";
import type { Sample } from "../ebm/noise_model/sampling.ts";

/** The parameters of each stage that draws noise. */
export const poolParameters = {
  samplesPerText: z.int().positive().default(1).describe(
    "Samples drawn for each training text, each from a fresh mask.",
  ),
  evaluationTexts: z.int().min(0).default(1000).describe(
    "Texts of dev2 to draw one sample each for, to evaluate energies on; the first shard draws them.",
  ),
  shards: z.int().positive().default(1).describe(
    "How many instances share the samples for training. Together they draw what one would.",
  ),
  shard: z.int().positive().default(1).describe("Which of the shards this instance is, from 1."),
  batchSize: z.int().positive().default(512).describe("Texts completed at a time."),
  precision: z.enum(["float32", "bfloat16"]).default("float32").describe("What matrix products compute in."),
  seed: z.int().default(1).describe("Seed of the masks and draws for training."),
  evaluationSeed: z.int().default(42).describe("Seed of the masks and draws for evaluation."),
};

const poolSchema = z.object(poolParameters);

/** Says that a stage has no shard of this number, for `refine`. */
export const shardRule = {
  holds: ({ shard, shards }: { readonly shard: number; readonly shards: number }) => shard <= shards,
  otherwise: { path: ["shard"], error: "at most shards" },
};

/** Says how much of a pool such a stage draws; how many texts there are isn't known before. */
export function poolWork({ samplesPerText, shards }: z.output<typeof poolSchema>) {
  return { amount: samplesPerText / shards };
}

/** The files that such a stage writes. */
export const poolOutputs = {
  "train.jsonl": "noise texts for training, in the order of the training texts; ids are `<row>#<sample>`",
  "evaluation.jsonl": "noise texts to evaluate energies on",
  "metrics.json": "how many were drawn, kept and dropped, and how much they are like the data",
};

/** A text that a noise model wrote, with its label where it writes labels. */
export interface WrittenText extends Text {
  readonly label?: number | undefined;
}

/** The ingredients of a pool. */
export interface PoolOptions {
  readonly parameters: z.output<typeof poolSchema>;
  /** The stage's name, with which the names of its random streams begin. */
  readonly stage: string;
  /** The folder of the prepared data set. */
  readonly data: string;
  readonly output: string;
  /** The folder in which attempts leave their state to the next. */
  readonly checkpoint: string;
  readonly tokenizer: Pick<Tokenizer, "pieces">;
  readonly completion: Completion;
  encode(row: Row): Sequence;
  /** Returns the text of a sample; undefined where it is none. */
  decode(sample: readonly number[], row: Row): WrittenText | undefined;
  /** The tokens after which a sample without an end is given up; undefined where samples need no end. */
  readonly maxTokens?: number;
  log(line: string): void;
  summary(text: string): void;
  progress(done: number, total: number, text: string): void;
}

/** The samples of one use. */
interface Wanted {
  readonly use: NoiseUse;
  readonly rows: readonly Row[];
  readonly blocks: readonly Block[];
  readonly seed: number;
}

/** How many samples were drawn, and how many of them are texts and were kept. */
interface Counts {
  readonly drawn: number;
  readonly kept: number;
}

/** The noise texts that are measured beside the data: the first of the pool, as many as this at the most. */
const measuredTexts = 4096;

/**
 * Draws a pool of noise and writes it block by block, with its figures. Throws InputError where no sample for
 * training is a text. Without any for evaluation, there is just no energy of noise to measure.
 */
export async function writePool(options: PoolOptions): Promise<void> {
  const { parameters, data, output, tokenizer, maxTokens, summary } = options;
  const { samplesPerText, evaluationTexts, shards, shard, seed, evaluationSeed } = parameters;
  const rows = await readRows(join(data, "train.jsonl"));
  const others = (await readRows(join(data, "dev2.jsonl"))).slice(0, shard === 1 ? evaluationTexts : 0);
  const blocks = blocksOfShard(blocksOf(rows.length, samplesPerText), shard, shards);
  const progress = progressOf(options, countTexts(blocks) + others.length);

  const train = await writeSamples(options, { use: "train", rows, blocks, seed }, progress);
  const evaluation = await writeSamples(options, {
    use: "evaluation",
    rows: others,
    blocks: blocksOf(others.length, 1),
    seed: evaluationSeed,
  }, progress);

  const strength = noiseStrength(train.pairs, tokenizer.pieces);
  const metrics = { train: train.counts, evaluation: evaluation.counts, strength };
  await writeFile(join(output, "metrics.json"), `${JSON.stringify(metrics, null, 2)}\n`);
  const { drawn, kept } = train.counts;
  summary(
    `${kept} of ${drawn} samples kept, ${evaluation.counts.kept} to evaluate on; ${strengthText(strength)}`,
  );
  if (maxTokens === undefined) return;
  fewSamples("train", train.counts, maxTokens).forEach(summary);
  fewSamples("evaluation", evaluation.counts, maxTokens).forEach(summary);
}

/** Called with the number of texts that are done since the last call. */
type Progress = (texts: number, use: NoiseUse) => void;

function progressOf({ progress }: PoolOptions, total: number): Progress {
  let done = 0;
  return (texts, use) => progress(done += texts, total, use);
}

function countTexts(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Draws the samples of one use, writes those that are texts, and counts them. */
async function writeSamples(
  options: PoolOptions,
  wanted: Wanted,
  progress: Progress,
): Promise<{ readonly counts: Counts; readonly pairs: readonly NoisePair[] }> {
  const counts = { drawn: 0, kept: 0 };
  const pairs: NoisePair[] = [];
  const kept = async function* (): AsyncGenerator<readonly NoiseRow[]> {
    for (const block of wanted.blocks) {
      const noiseRows: NoiseRow[] = [];
      const rows = wanted.rows.slice(block.start, block.end);
      const samples = await drawBlock(options, wanted, block, rows, progress);
      for (const [index, row] of rows.entries()) {
        counts.drawn++;
        const sample = samples[index];
        const noise = sample ? options.decode(sample, row) : undefined;
        if (!noise || !isText(noise)) continue;
        counts.kept++;
        if (pairs.length < measuredTexts) pairs.push({ noise, data: row });
        const number = block.pass * wanted.rows.length + block.start + index;
        noiseRows.push({ id: `${row.id}#${number}`, ...noise });
      }
      yield noiseRows;
    }
  };
  await writeRowBlocks(join(options.output, `${wanted.use}.jsonl`), kept());
  if (wanted.use === "train" && counts.drawn > 0 && counts.kept === 0) throw noneKept(options.maxTokens);
  return { counts, pairs };
}

/**
 * Completes the texts of a block. The first block has the streams' plain names, which were all that there
 * were before pools had blocks: noise of that time stays what it was.
 */
async function drawBlock(
  { stage, checkpoint, completion, encode, log }: PoolOptions,
  { use, seed }: Wanted,
  { number }: Block,
  rows: readonly Row[],
  progress: Progress,
): Promise<readonly Sample[]> {
  const random = (kind: string) =>
    randomStream(seed, [stage, use, kind, ...(number === 0 ? [] : [number])].join("/"));
  return await completeTexts(rows.map(encode), completion, {
    masks: random("masks"),
    draws: random("draws"),
    batches: await openSampledBatches(join(checkpoint, `${use}-${number}`), log),
    progress: (texts) => progress(texts, use),
  });
}

/** Whether a sample is a text that can be kept on a line of its own. */
function isText({ text, pair }: WrittenText): boolean {
  return [text, ...(pair === undefined ? [] : [pair])].every((each) =>
    each.trim() !== "" && !each.includes("\n")
  );
}

function noneKept(maxTokens: number | undefined): InputError {
  const [ends, fix] = maxTokens === undefined ? ["", "Choose another seed, or lower maskRate."] : [
    ` and ends within ${maxTokens} tokens`,
    "Train the noise model for more steps, or raise sample-noise's maxTokens.",
  ];
  return new InputError({
    found: `no sample for train that is a text or pair${ends}`,
    expected: "at least one",
    fix,
  });
}

/** Says in a few words how strong noise is. */
function strengthText({ repeats, bagOfWordsAccuracy }: NoiseStrength): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const told = bagOfWordsAccuracy === null
    ? ""
    : `; counts of tokens tell ${percent(bagOfWordsAccuracy)} apart`;
  return `${percent(repeats.noise)} repeat a token at once (data ${percent(repeats.data)})${told}`;
}
