import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type NoiseRow, readRows, type Row, writeRows } from "../src/data/rows.ts";
import { fewSamples } from "../src/data/training_warnings.ts";
import { completeTexts, openSampledBatches } from "../src/ebm/noise_model/completion.ts";
import { readNoiseModel } from "../src/ebm/noise_model/folder.ts";
import { samplerProgram } from "../src/ebm/noise_model/sampler.ts";
import type { Sample } from "../src/ebm/noise_model/sampling.ts";
import {
  neverSampled,
  type NoiseVocabulary,
  noiseVocabulary,
  specialTokens,
} from "../src/ebm/noise_model/vocabulary.ts";
import { InputError } from "../src/errors.ts";
import { checkLength } from "../src/nn/config.ts";
import { loadTokenizer } from "../src/nn/tokenizer.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { randomStream } from "../src/random.ts";
import { openSession } from "../src/runtime/session.ts";

const parameters = z.strictObject({
  samplesPerText: z.int().positive().default(1).describe(
    "Samples drawn for each training text, each from a fresh mask.",
  ),
  evaluationTexts: z.int().positive().default(1000).describe(
    "Texts of dev2 to draw one sample each for, to evaluate energies on.",
  ),
  topK: z.int().positive().default(20).describe("Only the k likeliest tokens can be drawn."),
  temperature: z.number().positive().default(1).describe("Divides the logits before a draw."),
  maxTokens: z.int().positive().default(128).describe(
    "Samples without an end after so many tokens are dropped.",
  ),
  batchSize: z.int().positive().default(512).describe("Texts completed at a time."),
  precision: z.enum(["float32", "bfloat16"]).default("float32").describe("What matrix products compute in."),
  seed: z.int().default(1).describe("Seed of the masks and draws for training."),
  evaluationSeed: z.int().default(42).describe("Seed of the masks and draws for evaluation."),
});

export default defineStage({
  description: "Draws noise texts from the noise model, by top-k sampling after a masked prefix of each text",
  parameters,
  inputs: {
    data: { description: "the prepared data set" },
    model: { description: "the trained noise model, with its tokenizer" },
  },
  outputs: {
    "train.jsonl": "noise texts for training, in the order of the training texts; ids are `<row>#<sample>`",
    "evaluation.jsonl": "noise texts to evaluate energies on",
    "metrics.json": "how many were drawn, kept and dropped",
  },
  native: true,
  work: ({ samplesPerText }) => ({ amount: samplesPerText }), // how many texts there are isn't known before
  async run(context) {
    const { parameters, input, output, checkpoint, log, summary, progress } = context;
    const { samplesPerText, evaluationTexts, seed, evaluationSeed, batchSize, maxTokens } = parameters;

    // Read the noise model and the texts.
    const folder = join(input("model"), "model");
    const { config, sequence, pieces, weights } = await readNoiseModel(folder);
    const vocabulary = noiseVocabulary(await loadTokenizer(folder), pieces);
    const { firstPosition, maxPositions } = config;
    const longest = sequence.prefixTokens + 1 + maxTokens;
    checkLength(longest, "the prefix, 1 and maxTokens together", maxPositions - firstPosition);
    const train = await readRows(join(input("data"), "train.jsonl"));
    const evaluation = (await readRows(join(input("data"), "dev2.jsonl"))).slice(0, evaluationTexts);
    const wanted = [
      { name: "train", texts: Array.from({ length: samplesPerText }, () => train).flat(), seed },
      { name: "evaluation", texts: evaluation, seed: evaluationSeed },
    ];

    // Build the sampler.
    const program = samplerProgram({ ...parameters, config, never: neverSampled }, weights);
    const session = await openSession(program, context);

    // Complete the masked texts, and write the samples that are texts.
    const sampling = { end: specialTokens.end, maxTokens, firstPosition };
    const batches = await openSampledBatches(checkpoint, log);
    const total = wanted.reduce((count, { texts }) => count + texts.length, 0);
    let done = 0;
    const metrics: Record<string, { readonly drawn: number; readonly kept: number }> = {};
    for (const { name, texts, seed } of wanted) {
      const random = (use: string) => randomStream(seed, `sample-noise/${name}/${use}`);
      const streams = { masks: random("masks"), draws: random("draws") };
      const samples = await completeTexts(texts.map(({ text, pair }) => vocabulary.encode(text, pair)), {
        ...{ session, sequence, sampling, batchSize, ...streams, batches },
        progress: (count) => progress(done += count, total, name),
      });
      const kept = texts.flatMap((row, index) => noiseRow(vocabulary, row, samples[index], index) ?? []);
      if (kept.length === 0) throw noneKept(name, maxTokens);
      await writeRows(join(output, `${name}.jsonl`), kept);
      metrics[name] = { drawn: texts.length, kept: kept.length };
    }
    session.close();
    await writeFile(join(output, "metrics.json"), `${JSON.stringify(metrics, null, 2)}\n`);
    const { train: forTraining, evaluation: forEvaluation } = metrics;
    summary(`${forTraining.kept} of ${forTraining.drawn} samples kept, ${forEvaluation.kept} to evaluate on`);
    fewSamples("train", forTraining, maxTokens).forEach(summary);
    fewSamples("evaluation", forEvaluation, maxTokens).forEach(summary);
  },
});

function noneKept(name: string, maxTokens: number): InputError {
  return new InputError({
    found: `no sample for ${name} that is a text and ends within ${maxTokens} tokens`,
    expected: "at least one",
    fix: "Raise sample-noise's maxTokens, or train the noise model for more steps.",
  });
}

/**
 * Makes a row of a sample, whose id begins with that of the text it completes; undefined where the sample is
 * no text.
 */
function noiseRow(
  vocabulary: NoiseVocabulary,
  row: Row,
  sample: Sample,
  index: number,
): NoiseRow | undefined {
  const decoded = sample && vocabulary.decode(sample, row.pair !== undefined);
  if (!decoded) return undefined;
  const texts = decoded.pair === undefined ? [decoded.text] : [decoded.text, decoded.pair];
  if (texts.some((text) => text.trim() === "" || text.includes("\n"))) return undefined;
  return { id: `${row.id}#${index}`, ...decoded };
}
