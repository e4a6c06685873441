import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type NoiseRow, readRows, type Row, writeRows } from "../src/data/rows.ts";
import { specialTokens } from "../src/ebm/noise_model/vocabulary.ts";
import { prompt } from "../src/ebm/noise_model/objective.ts";
import { readNoiseModel } from "../src/ebm/noise_model/folder.ts";
import { type NoiseVocabulary, noiseVocabulary } from "../src/ebm/noise_model/vocabulary.ts";
import { samplerProgram } from "../src/ebm/noise_model/sampler.ts";
import { drawAgain, type Sample, sampleBatch } from "../src/ebm/noise_model/sampling.ts";
import { openSavedState } from "../src/ebm/training/saved_state.ts";
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
  async run({ parameters, input, output, scratch, checkpoint, threads, profile, log, summary, progress }) {
    const { samplesPerText, evaluationTexts, seed, evaluationSeed, batchSize, maxTokens } = parameters;
    const folder = join(input("model"), "model");
    const model = await readNoiseModel(folder);
    const vocabulary = noiseVocabulary(await loadTokenizer(folder), model.pieces);
    const { pad, begin, end, mask, unknown } = specialTokens;
    const never = [pad, begin, mask, unknown];
    const program = samplerProgram({ config: model.config, ...parameters, never }, model.weights);
    const { firstPosition, maxPositions } = model.config;
    const options = { end, maxTokens, firstPosition };
    const longest = model.sequence.prefixTokens + 1 + maxTokens;
    checkLength(longest, "the prefix, 1 and maxTokens together", maxPositions - firstPosition);
    const session = await openSession(program, { scratch, threads, profile });

    const train = await readRows(join(input("data"), "train.jsonl"));
    const evaluation = (await readRows(join(input("data"), "dev2.jsonl"))).slice(0, evaluationTexts);
    const wanted = [
      { name: "train", texts: Array.from({ length: samplesPerText }, () => train).flat(), seed },
      { name: "evaluation", texts: evaluation, seed: evaluationSeed },
    ];
    const total = wanted.reduce((count, { texts }) => count + texts.length, 0);
    const state = await openSavedState<SamplingProgress>(checkpoint, log);
    const saved = state.found?.progress.batches ?? [];
    if (state.found) log(`goes on after text ${saved.flat().length}`);
    const batches: (readonly Sample[])[] = [];
    let done = 0;
    const metrics: Record<string, { readonly drawn: number; readonly kept: number }> = {};
    for (const { name, texts, seed } of wanted) {
      const masks = randomStream(seed, `sample-noise/${name}/masks`);
      const draws = randomStream(seed, `sample-noise/${name}/draws`);
      const encoded = texts.map(({ text, pair }) => vocabulary.encode(text, pair));
      // Texts of a length are completed together, so that a batch ends at about the same time.
      const order = [...texts.keys()].sort((a, b) => encoded[a].length - encoded[b].length || a - b);
      const rows: (NoiseRow | undefined)[] = texts.map(() => undefined);
      for (let start = 0; start < order.length; start += batchSize) {
        const batch = order.slice(start, start + batchSize);
        const prompts = batch.map((index) => prompt(encoded[index], model.sequence, masks));
        const known = saved[batches.length];
        if (known) drawAgain(known, options, draws);
        const samples = known ?? sampleBatch(session, prompts, options, draws);
        for (const [row, sample] of samples.entries()) {
          rows[batch[row]] = noiseRow(vocabulary, texts[batch[row]], sample, batch[row]);
        }
        done += batch.length;
        progress(done, total, name);
        batches.push(samples);
        if (!known) await state.save(() => ({ progress: { batches }, tensors: new Map() }));
      }
      const kept = rows.filter((row) => row !== undefined);
      if (kept.length === 0) throw noneKept(name, maxTokens);
      await writeRows(join(output, `${name}.jsonl`), kept);
      metrics[name] = { drawn: texts.length, kept: kept.length };
    }
    await writeFile(join(output, "metrics.json"), `${JSON.stringify(metrics, null, 2)}\n`);
    session.close();
    const { train: forTraining, evaluation: forEvaluation } = metrics;
    summary(`${forTraining.kept} of ${forTraining.drawn} samples kept, ${forEvaluation.kept} to evaluate on`);
  },
});

/** The samples of each batch that is done, for training and then for evaluation. */
interface SamplingProgress {
  readonly batches: readonly (readonly Sample[])[];
}

function noneKept(name: string, maxTokens: number): InputError {
  return new InputError({
    found: `no sample for ${name} that is a text and ends within ${maxTokens} tokens`,
    expected: "at least one",
    fix: "Raise sample-noise's maxTokens, or train the noise model for more steps.",
  });
}

/** A sample as a row, which keeps the id of the text whose mask it completes; undefined where it is no text. */
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
