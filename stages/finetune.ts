import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { negativeLogLikelihood } from "../src/calibration/metrics/proper_scores.ts";
import { accuracy, topLabel } from "../src/calibration/metrics/top_label.ts";
import { softmax } from "../src/calibration/predictions/softmax.ts";
import { readDataset } from "../src/data/dataset.ts";
import { readNoiseRows, readRows } from "../src/data/rows.ts";
import { cutTexts } from "../src/data/training_warnings.ts";
import type { ClassLoss } from "../src/ebm/classifier/class_loss.ts";
import { type CurrentTable, currentTable, empiricalTable } from "../src/ebm/classifier/empirical_table.ts";
import { readEncoderConfig } from "../src/ebm/classifier/encoder.ts";
import { finetuning, type FinetuningOptions } from "../src/ebm/classifier/finetuning.ts";
import { writeClassifier } from "../src/ebm/classifier/folder.ts";
import type { LabelledSequence } from "../src/ebm/classifier/joint_batch.ts";
import { turnsOf } from "../src/ebm/classifier/joint_steps.ts";
import { classLossOf, lossParameters } from "../src/ebm/classifier/loss_parameters.ts";
import { withSourceLabels } from "../src/ebm/classifier/noise_labels.ts";
import { predictSequences } from "../src/ebm/classifier/predict.ts";
import { classifierProgram, isHead } from "../src/ebm/classifier/program.ts";
import { type TaskTexts, taskTexts } from "../src/ebm/classifier/task_texts.ts";
import { ofTask, readReplacementVocabulary } from "../src/ebm/classifier/token_replacement.ts";
import { finetunedSchema, hasEnergy, toldClasses } from "../src/ebm/classifier/variant.ts";
import { jsonLines } from "../src/ebm/training/log.ts";
import { remainingWeight } from "../src/ebm/training/schedule.ts";
import { train } from "../src/ebm/training/train.ts";
import { workOf } from "../src/ebm/training/work.ts";
import { fetchedWeights } from "../src/ebm/training/weights.ts";
import { initialValues, readCheckpoint } from "../src/nn/checkpoint.ts";
import type { Sequence } from "../src/nn/sequence.ts";
import type { Text } from "../src/nn/text.ts";
import { loadTokenizer } from "../src/nn/tokenizer.ts";
import { defineStage, type StageContext } from "../src/pipeline/stage.ts";
import { randomStream } from "../src/random.ts";
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
  replaceTokens: z.number().min(0).max(1).default(0).describe(
    "Share of the cross-entropy batch's tokens that are replaced by random ones, as an augmentation.",
  ),
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

type Parameters = z.output<typeof parameters>;

export default defineStage({
  description:
    "Finetunes a classifier on the classes' loss and, where it has an energy, noise-contrastive estimation",
  parameters,
  inputs: {
    data: { description: "the prepared data set" },
    checkpoint: { description: "the pretrained encoder, with its tokenizer" },
    noise: {
      description: "the noise texts, of one pool or several",
      many: true,
      when: ({ variant }) => hasEnergy(variant),
    },
  },
  outputs: {
    model: "the finetuned classifier, with its tokenizer",
    "tune.jsonl": "accuracy and NLL on tune at steps 100 and 200, every 500, and the last",
    "training.jsonl": "loss terms, energies, gradient norms and learning rate by step",
  },
  native: true,
  work({ variant, steps, batchSize, noiseRatio, maxTokens }) {
    const texts = steps * batchSize * (hasEnergy(variant) ? 2 + noiseRatio : 1);
    return workOf(steps, texts * maxTokens);
  },
  async run(context) {
    const { parameters, input, inputs, output, threads, log, summary } = context;
    const { variant, seed, steps, batchSize, noiseRatio, maxTokens } = parameters;

    // Read the encoder's sizes and the texts.
    const encoder = await readEncoderConfig(input("checkpoint"), parameters);
    const { classes } = await readDataset(input("data"));
    const { vocabulary, ...texts } = await readTexts({ input, inputs }, parameters, summary);
    log(`${texts.train.length} texts, ${texts.noise.length} noise texts, ${vocabulary.ids.length} pieces`);

    // Build the classifier.
    const config = { ...encoder, vocabularySize: vocabulary.ids.length };
    const shape = { config, variant, classes: classes.length };
    const turns = hasEnergy(variant) ? turnsOf(batchSize, noiseRatio) : 1;
    const parts = Math.min(threads, batchSize / turns);
    const classLoss = classLossOf(variant, parameters);
    const classifier = classifierProgram({ ...parameters, ...shape, classLoss, parts, turns });
    const session = await openSession(classifier.program, context);

    // Train it.
    const random = (name: string) => randomStream(seed, `finetune/${name}`);
    const checkpoint = () => readCheckpoint(input("checkpoint")); // anew, since training needs the memory
    const predict: Predict = (sequences) => predictSequences(session, shape, sequences, parts).logits;
    const table = posCalTable(classLoss, texts.train, predict, { ...parameters, classes: classes.length });
    const schedule = { ...parameters, peak: parameters.learningRate };
    const { records, evaluations, kept } = await train({
      ...finetuning({ ...parameters, ...texts, session, classifier, shape, parts, turns, table, random }),
      context,
      model: { ...classifier, session },
      schedule,
      async initialWeights() {
        const fresh = { isNew: isHead, random: random("weights") };
        return initialValues(classifier.variables, vocabulary.restrict(await checkpoint()), fresh);
      },
      evaluate: (step) =>
        isEvaluated(step, steps) ? tuneFigures(predict(texts.tune), texts.tune, classes.length) : undefined,
      carried: table,
    });

    // Write the classifier and how its training went.
    const trained = fetchedWeights(session.run("read"), classifier.variables);
    session.close();
    const decay = remainingWeight(schedule, parameters.weightDecay, kept.step);
    const weights = vocabulary.extend(await checkpoint(), trained, decay);
    const description = { variant, seed, classes, noiseRatio, maxTokens, layers: config.layers };
    await writeClassifier(join(output, "model"), input("checkpoint"), description, weights);
    await writeFile(join(output, "training.jsonl"), jsonLines(records));
    await writeFile(join(output, "tune.jsonl"), jsonLines(evaluations));
    summary(`accuracy ${(100 * evaluations.at(-1)!.accuracy).toFixed(1)} % on tune`);
  },
});

/**
 * Reads and encodes the texts to train on, those to evaluate the training on and, where there is an energy,
 * the noise, with its classes where the energy is told them. Warns of training texts that are cut.
 */
async function readTexts(
  { input, inputs }: Pick<StageContext<Parameters>, "input" | "inputs">,
  { variant, maxTokens, replaceTokens: rate }: Pick<Parameters, "variant" | "maxTokens" | "replaceTokens">,
  warn: (line: string) => void,
): Promise<TaskTexts & Pick<FinetuningOptions, "replacement">> {
  const train = await readRows(join(input("data"), "train.jsonl"));
  const tune = await readRows(join(input("data"), "tune.jsonl"));
  const asWritten = hasEnergy(variant) ? readNoiseRows(inputs("noise"), "train") : [];
  const noise = toldClasses(variant).includes("noise") ? withSourceLabels(asWritten, train) : asWritten;
  const tokenizer = await loadTokenizer(input("checkpoint"));
  const replacements = rate > 0 ? await readReplacementVocabulary(input("checkpoint")) : undefined;
  const texts = await taskTexts({ train, tune, noise }, tokenizer, maxTokens, replacements?.words);
  // Only a text that fills the limit may have more tokens, so few are encoded again.
  const isCut = ({ text, pair }: Text, index: number) =>
    texts.train[index].ids.length === maxTokens &&
    tokenizer.encode(text, pair, maxTokens + 1).ids.length > maxTokens;
  cutTexts(train, maxTokens, isCut).forEach(warn);
  return { ...texts, replacement: replacements && { ...ofTask(replacements, texts.vocabulary), rate } };
}

/** Predicts the logits of sequences, [sequences × classes]. */
type Predict = (sequences: readonly Sequence[]) => Float32Array;

/** Whether a step is followed by an evaluation: those of the authors' scripts are, and the last. */
function isEvaluated(step: number, steps: number): boolean {
  return step === 100 || step === 200 || step % 500 === 0 || step === steps;
}

/** Measures accuracy and NLL: logits [texts × classes]. */
function tuneFigures(logits: Float32Array, texts: readonly LabelledSequence[], classes: number) {
  const scores = Float64Array.from(logits);
  const labels = labelsOf(texts);
  return {
    accuracy: accuracy(topLabel(softmax(scores, classes), labels, classes)),
    nll: negativeLogLikelihood(scores, labels, classes),
  };
}

/**
 * Makes the table of PosCal's loss, measured on the training texts several times an epoch; other losses have
 * none.
 */
function posCalTable(
  loss: ClassLoss,
  texts: readonly LabelledSequence[],
  predict: Predict,
  { batchSize, classes, posCal }: Pick<Parameters, "batchSize" | "posCal"> & { readonly classes: number },
): CurrentTable | undefined {
  if (loss.kind !== "poscal") return undefined;
  const every = Math.max(1, Math.round(texts.length / batchSize / posCal.updatesPerEpoch));
  return currentTable(every, () => {
    const probabilities = softmax(Float64Array.from(predict(texts)), classes);
    return empiricalTable(probabilities, labelsOf(texts), { classes, bins: loss.bins });
  });
}

function labelsOf(texts: readonly LabelledSequence[]): Int32Array {
  return Int32Array.from(texts, ({ label }) => label);
}
