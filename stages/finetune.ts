import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { negativeLogLikelihood } from "../src/calibration/metrics/proper_scores.ts";
import { softmax } from "../src/calibration/predictions/softmax.ts";
import { accuracy, topLabel } from "../src/calibration/metrics/top_label.ts";
import { readDataset } from "../src/data/dataset.ts";
import { type NoiseRow, readNoiseRows, readRows } from "../src/data/rows.ts";
import type { SplitName } from "../src/data/splits.ts";
import { batches } from "../src/ebm/training/batches.ts";
import { writeClassifier } from "../src/ebm/classifier/folder.ts";
import { classifierProgram, classifierStepFlops } from "../src/ebm/classifier/program.ts";
import {
  currentTable,
  type EmpiricalTable,
  empiricalTable,
  tableFeeds,
} from "../src/ebm/classifier/empirical_table.ts";
import { jointTurns } from "../src/ebm/classifier/joint_batch.ts";
import { turnsOf } from "../src/ebm/classifier/joint_steps.ts";
import { classLossOf, lossParameters } from "../src/ebm/classifier/loss_parameters.ts";
import { predictSequences } from "../src/ebm/classifier/predict.ts";
import { learningRate, remainingWeight } from "../src/ebm/training/schedule.ts";
import { normFigures, stepFigures } from "../src/ebm/classifier/step_figures.ts";
import { trainingLog } from "../src/ebm/training/log.ts";
import { startOrResume, type TrainingProgress } from "../src/ebm/training/state.ts";
import { finetunedSchema, hasEnergy } from "../src/ebm/classifier/variant.ts";
import { fetchedWeights } from "../src/ebm/training/weights.ts";
import { InputError } from "../src/errors.ts";
import { initialValues, readCheckpoint } from "../src/nn/checkpoint.ts";
import { taskVocabulary } from "../src/nn/task_vocabulary.ts";
import { checkLayers, checkLength, readConfig } from "../src/nn/config.ts";
import type { Sequence } from "../src/nn/sequence.ts";
import { loadTokenizer, type Tokenizer } from "../src/nn/tokenizer.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { randomStream } from "../src/random.ts";
import { measurePeak } from "../src/runtime/peak.ts";
import { openSession } from "../src/runtime/session.ts";

const parameters = z.strictObject({
  variant: finetunedSchema.describe(
    "baseline (cross-entropy alone), another loss of the classes, or how the energy is made of the classifier. " +
      "mc-dropout is trained as the baseline is, and shares its result.",
  ),
  layers: z.int().positive().optional().describe(
    "Only the encoder's first layers; all of them unless given.",
  ),
  steps: z.int().positive().describe("Optimizer steps."),
  warmupSteps: z.int().min(0).default(0).describe("Steps of linear warm-up."),
  batchSize: z.int().positive().default(32).describe(
    "Texts in the cross-entropy batch, the data batch and each noise batch.",
  ),
  learningRate: z.number().positive().default(2e-5).describe("Peak learning rate; it decays linearly to 0."),
  weightDecay: z.number().min(0).default(0.1).describe("AdamW's decoupled decay of weight matrices."),
  clipNorm: z.number().positive().default(1).describe("Limit of the gradients' global norm."),
  noiseRatio: z.int().positive().default(1).describe("K: noise samples for each text of the data."),
  energyWeight: z.number().min(0).default(1).describe("λ: the weight of the noise-contrastive terms."),
  ...lossParameters,
  maxTokens: z.int().min(4).default(128).describe(
    "Tokens of a text with its special tokens; longer ones are cut.",
  ),
  logEvery: z.int().positive().default(50).describe("Steps between records of each term's gradient norm."),
  precision: z.enum(["float32", "bfloat16"]).default("float32").describe("What matrix products compute in."),
  seed: z.int().default(1).describe("Seed of the head's weights, the batches and dropout."),
}).refine(({ steps, warmupSteps }) => warmupSteps < steps, {
  path: ["warmupSteps"],
  error: "fewer than steps",
});

export default defineStage({
  description:
    "Finetunes a classifier on the classes' loss and, where it has an energy, noise-contrastive estimation",
  parameters,
  inputs: {
    data: { description: "the prepared data set" },
    checkpoint: { description: "the pretrained encoder, with its tokenizer" },
    noise: { description: "the noise texts", when: ({ variant }) => hasEnergy(variant) },
  },
  outputs: {
    model: "the finetuned classifier, with its tokenizer",
    "tune.jsonl": "accuracy and NLL on tune at steps 100 and 200, every 500, and the last",
    "training.jsonl": "loss terms, energies, gradient norms and learning rate by step",
  },
  native: true,
  async run(context) {
    const { parameters, input, output, scratch, threads, profile, log, summary, progress } = context;
    const { variant, seed, steps, batchSize, noiseRatio, maxTokens, logEvery } = parameters;
    const pretrained = await readConfig(input("checkpoint"));
    checkEncoder(pretrained.family, input("checkpoint"));
    checkLayers(parameters.layers, pretrained.layers);
    checkLength(maxTokens, "maxTokens", pretrained.maxPositions - pretrained.firstPosition);
    const { classes } = await readDataset(input("data"));
    const { train, tune, noise, vocabulary } = await readTexts({
      data: input("data"),
      noise: hasEnergy(variant) ? input("noise") : undefined,
      tokenizer: await loadTokenizer(input("checkpoint")),
      maxTokens,
    });
    log(`${train.length} texts, ${noise.length} noise texts, ${vocabulary.ids.length} pieces`);

    const layers = parameters.layers ?? pretrained.layers;
    const config = { ...pretrained, vocabularySize: vocabulary.ids.length, layers };
    const shape = { config, variant, classes: classes.length };
    const turns = hasEnergy(variant) ? turnsOf(batchSize, noiseRatio) : 1;
    const parts = Math.min(threads, batchSize / turns);
    const classLoss = classLossOf(variant, parameters);
    const options = { ...parameters, ...shape, classLoss, parts, turns };
    const { program, variables, moments, trainer, terms } = classifierProgram(options);
    const session = await openSession(program, { scratch, threads, profile });
    const random = (name: string) => randomStream(seed, `finetune/${name}`);
    const fresh = { isNew: isHead, random: random("weights") };
    // Read where it is needed: training would have to do without the memory.
    const checkpoint = () => readCheckpoint(input("checkpoint"));
    const start = async () => initialValues(variables, vocabulary.restrict(await checkpoint()), fresh);
    const nothing: Progress = { step: 0, records: [], evaluations: [] };
    const state = { session, variables, moments, folder: context.checkpoint, start, nothing, log };
    const { done, save } = await startOrResume(state);

    const peak = await measurePeak(program, { scratch, threads });
    const training = trainingLog({ records: done.records, steps, peak, progress });
    const order = (name: string, count: number, size: number) => batches(count, size, random(name));
    const classOrder = order("class-order", train.length, batchSize);
    const dataOrder = order("data-order", train.length, batchSize);
    const noiseOrder = order("noise-order", noise.length, noiseRatio * batchSize);
    const dropout = random("dropout");
    const evaluations = [...done.evaluations];
    const predict = (texts: readonly Sequence[]) => predictSequences(session, shape, texts, parts).logits;
    const table = classLoss.kind !== "poscal" ? undefined : currentTable({
      every: Math.max(1, Math.round(train.length / batchSize / parameters.posCal.updatesPerEpoch)),
      found: done.table,
      measure() {
        const probabilities = softmax(Float64Array.from(predict(train)), classes.length);
        return empiricalTable(probabilities, labelsOf(train), {
          classes: classes.length,
          bins: classLoss.bins,
        });
      },
    });
    const schedule = { ...parameters, peak: parameters.learningRate };
    for (let step = 1; step <= steps; step++) {
      const labelled = classOrder.next().value.map((row) => train[row]);
      const contrast = hasEnergy(variant)
        ? {
          data: dataOrder.next().value.map((row) => train[row]),
          noise: noiseOrder.next().value.map((row) => noise[row]),
        }
        : undefined;
      const batch = jointTurns(config, labelled, parts, turns, contrast);
      const seeds = batch.map(() => dropout.integer(2 ** 31));
      if (step <= done.step) continue; // drawing alone leads the random streams to where they were
      const tableFeed = table && tableFeeds(table.at(step));
      const feeds = batch.map((turn, index) => ({ ...turn.feeds, seed: seeds[index], ...tableFeed }));
      const norms = (step - 1) % logEvery === 0 ? normFigures(trainer.inspect(session, feeds)) : {};
      const rate = learningRate(schedule, step);
      const values = trainer.train(session, feeds, { learningRate: rate, step });
      const figures = stepFigures(values, terms, contrast && noiseRatio);
      const work = {
        tokens: sum(batch.map(({ tokens }) => tokens)),
        flops: sum(batch.map((turn) => classifierStepFlops(shape, turn))),
      };
      training.add({ step, learningRate: rate, ...figures, ...norms }, work);
      if (isEvaluated(step, steps)) {
        evaluations.push({ step, ...tuneFigures(predict(tune), labelsOf(tune), classes.length) });
      }
      await save({ step, records: training.records, evaluations, table: table?.latest });
    }

    const trained = fetchedWeights(session.run("read"), variables);
    session.close();
    const decay = remainingWeight(schedule, parameters.weightDecay);
    const weights = vocabulary.extend(await checkpoint(), trained, decay);
    const description = { variant, seed, classes, noiseRatio, maxTokens, layers };
    await writeClassifier(join(output, "model"), input("checkpoint"), description, weights);
    await writeFile(join(output, "training.jsonl"), training.lines());
    await writeFile(
      join(output, "tune.jsonl"),
      evaluations.map((record) => `${JSON.stringify(record)}\n`).join(""),
    );
    summary(`accuracy ${(100 * evaluations.at(-1)!.accuracy).toFixed(1)} % on tune`);
  },
});

/** A classifier reads both ways. */
function checkEncoder(family: string, folder: string): void {
  if (family !== "gpt2") return;
  throw new InputError({
    at: { file: join(folder, "config.json") },
    found: "a GPT-2 model",
    expected: "an encoder, BERT or RoBERTa, to make a classifier of",
    fix: "Name an encoder's folder as the checkpoint of finetune.",
  });
}

/** A text as the classifier reads it, with its class. */
type Labelled = Sequence & { readonly label: number };

/** Reads the texts as the classifier's own vocabulary spells them: the pieces that occur in any of them. */
async function readTexts({ data, noise, tokenizer, maxTokens }: {
  readonly data: string;
  readonly noise: string | undefined;
  readonly tokenizer: Tokenizer;
  readonly maxTokens: number;
}) {
  const encode = ({ text, pair }: NoiseRow) => tokenizer.encode(text, pair, maxTokens);
  const labelled = async (split: SplitName) => {
    const rows = await readRows(join(data, `${split}.jsonl`));
    return rows.map((row): Labelled => ({ ...encode(row), label: row.label }));
  };
  const [train, tune] = [await labelled("train"), await labelled("tune")];
  const noiseTexts = noise ? (await readNoiseRows(join(noise, "train.jsonl"))).map(encode) : [];
  const vocabulary = taskVocabulary([...train, ...noiseTexts, ...tune]);
  const { translate } = vocabulary;
  return {
    train: train.map(translate),
    noise: noiseTexts.map(translate),
    tune: tune.map(translate),
    vocabulary,
  };
}

function labelsOf(texts: readonly Labelled[]): Int32Array {
  return Int32Array.from(texts, ({ label }) => label);
}

interface TuneRecord {
  readonly step: number;
  readonly accuracy: number;
  readonly nll: number;
}

interface Progress extends TrainingProgress {
  readonly evaluations: readonly TuneRecord[];
  readonly table?: EmpiricalTable | undefined;
}

function tuneFigures(logits: Float32Array, labels: Int32Array, classes: number): Omit<TuneRecord, "step"> {
  const scores = Float64Array.from(logits);
  return {
    accuracy: accuracy(topLabel(softmax(scores, classes), labels, classes)),
    nll: negativeLogLikelihood(scores, labels, classes),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** When the paper's runs look at how they do (authors' scripts). */
function isEvaluated(step: number, steps: number): boolean {
  return step === 100 || step === 200 || step % 500 === 0 || step === steps;
}

/** The heads are new; the encoder comes from the checkpoint. */
function isHead(name: string): boolean {
  return name.startsWith("classifier.") || name.startsWith("energy.");
}
