import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { figures, measureFigures } from "../src/calibration/metrics/figures.ts";
import { forecastsFromLogits } from "../src/calibration/predictions/forecasts.ts";
import { softmax } from "../src/calibration/predictions/softmax.ts";
import { readDataset } from "../src/data/dataset.ts";
import { inPoolOrder, readNoiseRows, readRows } from "../src/data/rows.ts";
import { cutTexts, repeatedNoise } from "../src/data/training_warnings.ts";
import type { ClassLoss } from "../src/ebm/classifier/class_loss.ts";
import { type CurrentTable, currentTable, empiricalTable } from "../src/ebm/classifier/empirical_table.ts";
import { readEncoderConfig } from "../src/ebm/classifier/encoder.ts";
import { finetuning, type FinetuningOptions } from "../src/ebm/classifier/finetuning.ts";
import {
  type FinetuningParameters,
  finetuningParameters,
} from "../src/ebm/classifier/finetuning_parameters.ts";
import { writeClassifier } from "../src/ebm/classifier/folder.ts";
import type { ContrastSequence, LabelledSequence } from "../src/ebm/classifier/joint_batch.ts";
import { turnsOf } from "../src/ebm/classifier/joint_steps.ts";
import { classLossOf } from "../src/ebm/classifier/loss_parameters.ts";
import { noiseAccuracy } from "../src/ebm/classifier/noise_accuracy.ts";
import { withSourceLabels } from "../src/ebm/classifier/noise_labels.ts";
import { noisePool } from "../src/ebm/classifier/noise_pool.ts";
import { type Prediction, predictSequences } from "../src/ebm/classifier/predict.ts";
import { classifierProgram, isHead } from "../src/ebm/classifier/program.ts";
import { type TaskTexts, taskTexts } from "../src/ebm/classifier/task_texts.ts";
import { ofTask, readReplacementVocabulary } from "../src/ebm/classifier/token_replacement.ts";
import { hasEnergy, toldClasses } from "../src/ebm/classifier/variant.ts";
import { jsonLines } from "../src/ebm/training/log.ts";
import { remainingWeight } from "../src/ebm/training/schedule.ts";
import { isEvaluated } from "../src/ebm/training/selection_parameters.ts";
import { train } from "../src/ebm/training/train.ts";
import { classifierPace, workOf } from "../src/ebm/training/work.ts";
import { fetchedWeights } from "../src/ebm/training/weights.ts";
import { initialValues, readCheckpoint } from "../src/nn/checkpoint.ts";
import type { Sequence } from "../src/nn/sequence.ts";
import type { Text } from "../src/nn/text.ts";
import { loadTokenizer } from "../src/nn/tokenizer.ts";
import { defineStage, type StageContext } from "../src/pipeline/stage.ts";
import { randomStream } from "../src/random.ts";
import { openSession } from "../src/runtime/session.ts";

export default defineStage({
  description:
    "Finetunes a classifier on the classes' loss and, where it has an energy, noise-contrastive estimation",
  parameters: finetuningParameters,
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
    model: "the finetuned classifier, with its tokenizer; classifier.json says which step was kept, and why",
    "tune.jsonl": "accuracy, NLL and ECE on tune and how well it is told from held-out noise, by step",
    "training.jsonl": "loss terms, energies, gradient norms and learning rate by step",
  },
  native: true,
  work(parameters) {
    const { variant, steps, noiseRatio, maxTokens } = parameters;
    const texts = steps * textsOfStep(parameters) * (hasEnergy(variant) ? 2 + noiseRatio : 1);
    return workOf(steps, texts * maxTokens, classifierPace);
  },
  async run(context) {
    const { parameters, input, inputs, output, threads, log, summary } = context;
    const { variant, seed, noiseRatio, maxTokens } = parameters;
    const batchSize = textsOfStep(parameters);

    // Read the encoder's sizes and the texts.
    const encoder = await readEncoderConfig(input("checkpoint"), parameters);
    const { classes } = await readDataset(input("data"));
    const { vocabulary, heldOut, ...texts } = await readTexts({ input, inputs }, parameters, summary);
    log(`${texts.train.length} texts, ${texts.noise.length} noise texts, ${vocabulary.ids.length} pieces`);

    // Build the classifier.
    const config = { ...encoder, vocabularySize: vocabulary.ids.length };
    const shape = { config, variant, classes: classes.length };
    const turnsOfBatch = hasEnergy(variant) ? turnsOf(parameters.batchSize, noiseRatio) : 1;
    const turns = parameters.gradientAccumulationSteps * turnsOfBatch;
    const parts = Math.min(threads, batchSize / turns);
    const classLoss = classLossOf(variant, parameters);
    const classifier = classifierProgram({ ...parameters, ...shape, classLoss, parts, turns });
    const session = await openSession(classifier.program, context);

    // Train it.
    const random = (name: string) => randomStream(seed, `finetune/${name}`);
    const checkpoint = () => readCheckpoint(input("checkpoint")); // anew, since training needs the memory
    const predict: Predict = (sequences) => predictSequences(session, shape, sequences, parts);
    const sizes = { batchSize, noiseRatio, classes: classes.length };
    const table = posCalTable(classLoss, texts.train, predict, { ...parameters, ...sizes });
    const schedule = { ...parameters, peak: parameters.learningRate };
    const { records, evaluations, kept, best } = await train({
      ...finetuning({
        ...{ ...parameters, ...texts, batchSize },
        ...{ session, classifier, shape, parts, turns, table, random },
      }),
      context,
      model: { ...classifier, session },
      schedule,
      async initialWeights() {
        const fresh = { isNew: isHead, random: random("weights") };
        return initialValues(classifier.variables, vocabulary.restrict(await checkpoint()), fresh);
      },
      evaluate: (step) =>
        isEvaluated(step, parameters)
          ? tuneFigures(texts.tune, predict(texts.tune), predict(heldOut).energies, sizes)
          : undefined,
      selection: { ...parameters, better: figures[parameters.by].better },
      carried: table,
    });

    // Write the classifier and how its training went.
    const trained = fetchedWeights(session.run("read"), classifier.variables);
    session.close();
    const write = async (folder: string, { weights, kept }: NonNullable<typeof best>) => {
      const decay = remainingWeight(schedule, parameters.weightDecay, kept.step);
      const whole = vocabulary.extend(await checkpoint(), weights, decay);
      const description = { variant, seed, classes, noiseRatio, maxTokens, kept, layers: config.layers };
      await writeClassifier(folder, input("checkpoint"), description, whole);
    };
    await write(join(output, "model"), { weights: trained, kept });
    if (best) await write(join(output, "model", "best"), best);
    await writeFile(join(output, "training.jsonl"), jsonLines(records));
    await writeFile(join(output, "tune.jsonl"), jsonLines(evaluations));
    const { accuracy, nll, ece } = evaluations.find(({ step }) => step === kept.step)!;
    const onTune = `accuracy ${(100 * accuracy).toFixed(1)} %, NLL ${nll.toFixed(3)}, ECE ${ece.toFixed(3)}`;
    summary(`${onTune} on tune at step ${kept.step}, ${kept.why}`);
  },
});

/** Returns the number of texts that a step has in the cross-entropy batch, and in each of the others. */
function textsOfStep({ batchSize, gradientAccumulationSteps }: FinetuningParameters): number {
  return batchSize * gradientAccumulationSteps;
}

/**
 * Reads and encodes the texts to train on, those to evaluate the training on and, where there is an energy,
 * the noise, with its classes where the energy is told them; some of it is held out. Warns of training texts
 * that are cut, and of noise that repeats.
 */
async function readTexts(
  { input, inputs }: Pick<StageContext<FinetuningParameters>, "input" | "inputs">,
  parameters: FinetuningParameters,
  warn: (line: string) => void,
): Promise<
  & TaskTexts
  & Pick<FinetuningOptions, "replacement">
  & { readonly heldOut: readonly ContrastSequence[] }
> {
  const { variant, steps, noiseRatio, heldOutNoise, maxTokens, replaceTokens: rate } = parameters;
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
  const replacement = replacements && { ...ofTask(replacements, texts.vocabulary), rate };
  if (!hasEnergy(variant)) return { ...texts, replacement, heldOut: [] };

  const ofStep = { data: textsOfStep(parameters), noise: noiseRatio * textsOfStep(parameters) };
  const [firstPool] = inPoolOrder(inputs("noise"));
  const { pool, heldOut } = noisePool(texts.noise, heldOutNoise, {
    file: join(firstPool, "train.jsonl"),
    ofStep: ofStep.noise,
  });
  repeatedNoise(ofStep, { data: texts.train.length, noise: pool.length }, steps).forEach(warn);
  return { ...texts, replacement, noise: pool, heldOut };
}

/** Predicts sequences with the weights that the session has. */
type Predict = (sequences: readonly Sequence[]) => Prediction;

/**
 * Measures a classifier on tune: accuracy, NLL, ECE and, where noise was held out, how well E + ln K < 0 tells
 * tune's texts from it (He et al. 2021, figure 3).
 */
function tuneFigures(
  texts: readonly LabelledSequence[],
  { logits, energies }: Prediction,
  noiseEnergies: Float32Array,
  { classes, noiseRatio }: { readonly classes: number; readonly noiseRatio: number },
): Readonly<Record<"accuracy" | "nll" | "ece", number>> & Readonly<Record<string, number>> {
  const forecasts = forecastsFromLogits({
    logits: Float64Array.from(logits),
    labels: labelsOf(texts),
    classes,
  });
  const measured = measureFigures(forecasts, ["accuracy", "nll", "ece"])();
  if (noiseEnergies.length === 0) return measured;
  return { ...measured, noiseAccuracy: noiseAccuracy(energies, noiseEnergies, noiseRatio) };
}

/**
 * Makes the table of PosCal's loss, measured on the training texts several times an epoch; other losses have
 * none.
 */
function posCalTable(
  loss: ClassLoss,
  texts: readonly LabelledSequence[],
  predict: Predict,
  { batchSize, classes, posCal }: Pick<FinetuningParameters, "batchSize" | "posCal"> & {
    readonly classes: number;
  },
): CurrentTable | undefined {
  if (loss.kind !== "poscal") return undefined;
  const every = Math.max(1, Math.round(texts.length / batchSize / posCal.updatesPerEpoch));
  return currentTable(every, () => {
    const probabilities = softmax(Float64Array.from(predict(texts).logits), classes);
    return empiricalTable(probabilities, labelsOf(texts), { classes, bins: loss.bins });
  });
}

function labelsOf(texts: readonly LabelledSequence[]): Int32Array {
  return Int32Array.from(texts, ({ label }) => label);
}
