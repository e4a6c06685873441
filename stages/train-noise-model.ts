import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readSplits } from "../src/data/splits.ts";
import { batches } from "../src/ebm/training/batches.ts";
import { noiseBatch } from "../src/ebm/noise_model/batch.ts";
import { type NoiseSequenceOptions, sequenceOptions } from "../src/ebm/noise_model/objective.ts";
import { noiseModelConfig, startNoiseModel, writeNoiseModel } from "../src/ebm/noise_model/folder.ts";
import {
  noiseModelProgram,
  type NoiseModelSignature,
  noiseModelStepFlops,
} from "../src/ebm/noise_model/program.ts";
import { collectPieces, noiseVocabulary } from "../src/ebm/noise_model/vocabulary.ts";
import { learningRate } from "../src/ebm/training/schedule.ts";
import { trainingLog } from "../src/ebm/training/log.ts";
import { startOrResume, type TrainingProgress } from "../src/ebm/training/state.ts";
import { fetchedWeights } from "../src/ebm/training/weights.ts";
import { readCheckpoint } from "../src/nn/checkpoint.ts";
import { checkLayers, readConfig } from "../src/nn/config.ts";
import { loadTokenizer } from "../src/nn/tokenizer.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { type RandomStream, randomStream } from "../src/random.ts";
import { measurePeak } from "../src/runtime/peak.ts";
import { openSession, type Session } from "../src/runtime/session.ts";

const parameters = z.strictObject({
  initialisation: z.enum(["checkpoint", "random"]).default("checkpoint")
    .describe("Where the weights start: the checkpoint's, or random ones of the same sizes."),
  layers: z.int().positive().optional().describe(
    "Only the checkpoint's first layers; all of them unless given.",
  ),
  maskRate: z.number().min(0).max(1).default(0.4).describe(
    "Probability that a token of the prefix is masked.",
  ),
  prefixTokens: z.int().positive().default(128).describe(
    "Length of the masked prefix, cut or left-padded to it.",
  ),
  maxTokens: z.int().positive().default(126).describe("Pieces of a text; longer ones are cut."),
  steps: z.int().positive().describe("Optimizer steps."),
  warmupSteps: z.int().min(0).default(0).describe("Steps of linear warm-up."),
  batchSize: z.int().positive().default(8).describe("Texts in a batch."),
  learningRate: z.number().positive().default(5e-6).describe("Peak learning rate; it decays linearly to 0."),
  weightDecay: z.number().min(0).default(0.01).describe("AdamW's decoupled decay of weight matrices."),
  clipNorm: z.number().positive().default(1).describe("Limit of the gradients' global norm."),
  precision: z.enum(["float32", "bfloat16"]).default("float32").describe("What matrix products compute in."),
  seed: z.int().default(1).describe("Seed of initial weights, order, masks and dropout."),
}).refine(({ steps, warmupSteps }) => warmupSteps < steps, {
  path: ["warmupSteps"],
  error: "fewer than steps",
});

export default defineStage({
  description: "Trains the noise language model with the masked-prefix objective",
  parameters,
  inputs: {
    data: { description: "the prepared data set" },
    checkpoint: { description: "the pretrained model to start from, with its tokenizer" },
  },
  outputs: {
    model: "the weights, configuration, vocabulary and tokenizer",
    "metrics.json": "held-out perplexity",
    "training.jsonl": "loss, gradient norm and learning rate by step",
  },
  native: true,
  async run(context) {
    const { parameters, input, output, scratch, threads, profile, log, summary, progress } = context;
    const pretrained = await readConfig(input("checkpoint"));
    if (parameters.initialisation === "checkpoint") checkLayers(parameters.layers, pretrained.layers);
    const tokenizer = await loadTokenizer(input("checkpoint"));
    const splits = await readSplits(input("data"));
    // A smaller vocabulary must restrict nothing, so it holds the pieces of every split; only `train` is trained on.
    const vocabulary = noiseVocabulary(tokenizer, collectPieces(tokenizer, Object.values(splits).flat()));
    const [train, heldOut] = [splits.train, splits.tune].map((rows) =>
      rows.map(({ text, pair }) => vocabulary.encode(text, pair))
    );
    log(`${train.length} texts, ${vocabulary.size} pieces`);

    const config = noiseModelConfig(pretrained, vocabulary, parameters);
    const sequence = sequenceOptions(config, parameters);
    const parts = Math.min(threads, parameters.batchSize);
    const { program, variables, moments } = noiseModelProgram({ config, ...parameters, parts });
    const session = await openSession(program, { scratch, threads, profile });
    const random = (name: string) => randomStream(parameters.seed, `noise-model/${name}`);
    const start = async () => {
      const checkpoint = await readCheckpoint(input("checkpoint"));
      return startNoiseModel(variables, checkpoint, tokenizer, vocabulary, parameters, random("weights"));
    };
    const nothing: TrainingProgress = { step: 0, records: [] };
    const state = { session, variables, moments, folder: context.checkpoint, start, nothing, log };
    const { done, save } = await startOrResume(state);

    const { steps, batchSize } = parameters;
    const peak = await measurePeak(program, { scratch, threads });
    const training = trainingLog({ records: done.records, steps, peak, progress });
    const order = batches(train.length, batchSize, random("order"));
    const [masks, dropout] = [random("masks"), random("dropout")];
    for (let step = 1; step <= steps; step++) {
      const batch = noiseBatch(order.next().value.map((row) => train[row]), sequence, masks, parts);
      const seed = dropout.integer(2 ** 31);
      if (step <= done.step) continue; // drawing alone leads the random streams to where they were
      const rate = learningRate({ ...parameters, peak: parameters.learningRate }, step);
      const result = session.run("train", { ...batch.feeds, seed, learningRate: rate, step });
      const [loss, norm] = ["loss", "norm"].map((name) => result.floats(name)[0]);
      const work = { tokens: batch.tokens, flops: noiseModelStepFlops(config, batch) };
      training.add({ step, loss, norm, learningRate: rate }, work);
      await save({ step, records: training.records });
    }

    const losses = tokenLosses(session, heldOut, sequence, random("held-out-masks"));
    const perplexity = Math.exp(losses.reduce((total, loss) => total + loss, 0) / losses.length);
    summary(`held-out perplexity ${perplexity.toFixed(1)} over ${losses.length} tokens`);

    const weights = fetchedWeights(session.run("read"), variables);
    session.close();
    const model = { config, weights, pieces: vocabulary.pieces, sequence };
    await writeNoiseModel(join(output, "model"), input("checkpoint"), model);
    const metrics = { perplexity, evaluatedTokens: losses.length, maskRate: sequence.maskRate, steps };
    await writeFile(join(output, "metrics.json"), `${JSON.stringify(metrics, null, 2)}\n`);
    await writeFile(join(output, "training.jsonl"), training.lines());
  },
});

/** The loss of each token of texts that weren't trained on, each text masked once. */
function tokenLosses(
  session: Session<NoiseModelSignature>,
  texts: readonly (readonly number[])[],
  sequence: NoiseSequenceOptions,
  masks: RandomStream,
): number[] {
  const batchSize = 64;
  const starts = Array.from({ length: Math.ceil(texts.length / batchSize) }, (_, index) => index * batchSize);
  return starts.flatMap((start) => {
    const { feeds } = noiseBatch(texts.slice(start, start + batchSize), sequence, masks);
    return [...session.run("evaluate", feeds).floats("losses")];
  });
}
