import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readDataset } from "../src/data/dataset.ts";
import type { Row } from "../src/data/rows.ts";
import { readSplits } from "../src/data/splits.ts";
import { cutTexts } from "../src/data/training_warnings.ts";
import { noiseModelConfig, startNoiseModel, writeNoiseModel } from "../src/ebm/noise_model/folder.ts";
import {
  isLabelled,
  noiseObjective,
  sequenceOptions,
  target,
  textTokens,
} from "../src/ebm/noise_model/objective.ts";
import { measurePerplexity } from "../src/ebm/noise_model/perplexity.ts";
import { noiseModelProgram } from "../src/ebm/noise_model/program.ts";
import { noiseModelTraining } from "../src/ebm/noise_model/training.ts";
import { collectPieces, noiseVocabulary } from "../src/ebm/noise_model/vocabulary.ts";
import { jsonLines } from "../src/ebm/training/log.ts";
import { isPatienceMeasured, selectionParameters } from "../src/ebm/training/selection_parameters.ts";
import { train } from "../src/ebm/training/train.ts";
import { noiseModelPace, workOf } from "../src/ebm/training/work.ts";
import { fetchedWeights } from "../src/ebm/training/weights.ts";
import { readCheckpoint } from "../src/nn/checkpoint.ts";
import { checkLayers } from "../src/nn/config.ts";
import { readConfig } from "../src/nn/read_config.ts";
import type { Text } from "../src/nn/text.ts";
import { loadTokenizer, type Tokenizer } from "../src/nn/tokenizer.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { randomStream } from "../src/random.ts";
import { openSession } from "../src/runtime/session.ts";

const parameters = z.strictObject({
  initialisation: z.enum(["checkpoint", "random"]).default("checkpoint")
    .describe("Where the weights start: the checkpoint's, or random ones of the same sizes."),
  layers: z.int().positive().optional().describe(
    "Only the checkpoint's first layers; all of them unless given.",
  ),
  objective: noiseObjective.default("masked-prefix").describe(
    "What is written after which prefix. masked-prefix: the text after the text with masks; language-model: the text, " +
      "without a prefix; labelled-masked-prefix: its label and the text after the text with masks; " +
      "labelled-half-to-full: its label and the text after one of its halves; " +
      "half-to-full-labelled: the text and its label after one of its halves.",
  ),
  maskRate: z.number().min(0).max(1).default(0.4).describe(
    "Probability that a token of the prefix is masked, where it isn't a half of the text that is.",
  ),
  prefixTokens: z.int().positive().default(128).describe(
    "Length of the masked prefix, cut or left-padded to it.",
  ),
  prefixEnd: z.boolean().default(false).describe(
    "Whether the prefix ends in the end token, as the authors' does.",
  ),
  maxTokens: z.int().min(3).default(126).describe("Pieces of a text with its label; longer ones are cut."),
  steps: z.int().positive().describe("Optimizer steps."),
  warmupSteps: z.int().min(0).default(0).describe("Steps of linear warm-up."),
  batchSize: z.int().positive().default(8).describe("Texts in a batch."),
  learningRate: z.number().positive().default(5e-6).describe("Peak learning rate; it decays linearly to 0."),
  weightDecay: z.number().min(0).default(0.01).describe("AdamW's decoupled decay of weight matrices."),
  clipNorm: z.number().positive().default(1).describe("Limit of the gradients' global norm."),
  ...selectionParameters,
  evaluateEvery: z.int().positive().optional().describe(
    "Steps from one measurement of the perplexity of tune to the next. The last step's is always measured.",
  ),
  precision: z.enum(["float32", "bfloat16"]).default("float32").describe("What matrix products compute in."),
  seed: z.int().default(1).describe("Seed of initial weights, order, masks and dropout."),
}).refine(({ steps, warmupSteps }) => warmupSteps < steps, {
  path: ["warmupSteps"],
  error: "fewer than steps",
}).refine(isPatienceMeasured, { path: ["patience"], error: "evaluateEvery beside it" })
  .refine(({ keep, evaluateEvery }) => keep === "last" || evaluateEvery !== undefined, {
    path: ["keep"],
    error: "evaluateEvery beside it",
  });

export default defineStage({
  description: "Trains the noise language model to complete masked texts, or by another objective",
  parameters,
  inputs: {
    data: { description: "the prepared data set" },
    checkpoint: { description: "the pretrained model to start from, with its tokenizer" },
  },
  outputs: {
    model: "the weights, configuration, vocabulary and tokenizer",
    "metrics.json": "held-out perplexity",
    "tune.jsonl": "held-out perplexity by step, where it was measured",
    "training.jsonl": "loss, gradient norm and learning rate by step",
  },
  native: true,
  work: ({ steps, batchSize, prefixTokens, maxTokens }) =>
    workOf(steps, steps * batchSize * (prefixTokens + 1 + maxTokens), noiseModelPace),
  async run(context) {
    const { parameters, input, output, threads, log, summary } = context;
    const { initialisation, layers, steps, batchSize, evaluateEvery, seed } = parameters;

    // Read the pretrained model's sizes and the texts.
    const pretrained = await readConfig(input("checkpoint"));
    if (initialisation === "checkpoint") checkLayers(layers, pretrained.layers);
    const tokenizer = await loadTokenizer(input("checkpoint"));
    const { vocabulary, targets, heldOut } = await readTexts(input("data"), tokenizer, parameters, summary);
    log(`${targets.length} texts, ${vocabulary.size} pieces`);

    // Build the noise model.
    const config = noiseModelConfig(pretrained, vocabulary, parameters);
    const sequence = sequenceOptions(config, parameters);
    const parts = Math.min(threads, batchSize);
    const noiseModel = noiseModelProgram({ ...parameters, config, parts });
    const session = await openSession(noiseModel.program, context);

    // Train it.
    const random = (name: string) => randomStream(seed, `noise-model/${name}`);
    const { records, evaluations, kept } = await train({
      ...noiseModelTraining({ session, config, train: targets, sequence, batchSize, parts, random }),
      context,
      model: { ...noiseModel, session },
      schedule: { ...parameters, peak: parameters.learningRate },
      async initialWeights() {
        const checkpoint = await readCheckpoint(input("checkpoint"));
        const { variables } = noiseModel;
        return startNoiseModel(variables, checkpoint, tokenizer, vocabulary, parameters, random("weights"));
      },
      // Each time with the same masks, so that one perplexity can be compared with another.
      evaluate: (step) =>
        step === steps || (evaluateEvery !== undefined && step % evaluateEvery === 0)
          ? { ...measurePerplexity(session, heldOut, sequence, random("held-out-masks")) }
          : undefined,
      selection: { ...parameters, by: "perplexity", better: "lower" },
    });
    const { perplexity, tokens } = evaluations.find(({ step }) => step === kept.step)!;
    summary(
      `held-out perplexity ${perplexity.toFixed(1)} over ${tokens} tokens at step ${kept.step}, ${kept.why}`,
    );

    // Write the noise model and how its training went.
    const weights = fetchedWeights(session.run("read"), noiseModel.variables);
    session.close();
    const { pieces, classes } = vocabulary;
    const model = { config, weights, pieces, classes, sequence };
    await writeNoiseModel(join(output, "model"), input("checkpoint"), model);
    const { objective, maskRate } = sequence;
    const [taken, keptStep] = [kept.lastStep, kept.step];
    const metrics = { objective, perplexity, evaluatedTokens: tokens, maskRate, steps: taken, keptStep };
    await writeFile(join(output, "metrics.json"), `${JSON.stringify(metrics, null, 2)}\n`);
    await writeFile(join(output, "tune.jsonl"), jsonLines(evaluations));
    await writeFile(join(output, "training.jsonl"), jsonLines(records));
  },
});

/**
 * Reads what the noise model learns to write, and the held-out texts that measure it. Warns of training texts
 * that are cut.
 */
async function readTexts(
  data: string,
  tokenizer: Tokenizer,
  lengths: Pick<z.output<typeof parameters>, "objective" | "maxTokens">,
  warn: (line: string) => void,
) {
  const { objective, maxTokens } = lengths;
  const splits = await readSplits(data);
  // The vocabulary holds the pieces of every split, so that it restricts nothing; only `train` is trained on.
  const pieces = collectPieces(tokenizer, Object.values(splits).flat());
  const classes = isLabelled(objective) ? (await readDataset(data)).classes.length : 0;
  const vocabulary = noiseVocabulary(tokenizer, pieces, classes);
  const targetOf = ({ text, pair, label }: Row) =>
    target(vocabulary.encode(text, pair), vocabulary.classToken(label), lengths);
  const [targets, heldOut] = [splits.train, splits.tune].map((rows) => rows.map(targetOf));
  const most = textTokens(lengths);
  const isCut = ({ text, pair }: Text, index: number) =>
    targets[index].length === maxTokens && vocabulary.encode(text, pair).length > most;
  cutTexts(splits.train, most, isCut).forEach(warn);
  return { vocabulary, targets, heldOut };
}
