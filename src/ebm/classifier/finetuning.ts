import type { Sequences } from "../../nn/sequence.ts";
import type { RandomStream } from "../../random.ts";
import type { Session } from "../../runtime/session.ts";
import { batches } from "../training/batches.ts";
import type { Rate } from "../training/schedule.ts";
import type { StepReport, TrainingMethod } from "../training/train.ts";
import { type CurrentTable, tableFeeds } from "./empirical_table.ts";
import { type Contrast, type ContrastSequence, jointTurns, type LabelledSequence } from "./joint_batch.ts";
import { type ClassifierProgram, type ClassifierShape, classifierStepFlops } from "./program.ts";
import { normFigures, stepFigures } from "./step_figures.ts";
import { type ReplacementVocabulary, replaceTokens } from "./token_replacement.ts";
import { hasEnergy, toldClasses } from "./variant.ts";

/** The ingredients of joint finetuning. */
export interface FinetuningOptions {
  readonly session: Pick<Session<string>, "run">;
  readonly classifier: Pick<ClassifierProgram, "trainer" | "terms">;
  readonly shape: ClassifierShape;
  /** The labelled texts, from which both the cross-entropy batch and the data batch are drawn. */
  readonly train: readonly LabelledSequence[];
  readonly noise: Sequences<ContrastSequence>;
  /** The number of texts in the cross-entropy batch, in the data batch and in each of the K noise batches. */
  readonly batchSize: number;
  /** K: noise texts for each text of the data. */
  readonly noiseRatio: number;
  /**
   * The tokens by which some of those in cross-entropy batches are replaced, and the probability of each;
   * undefined where texts stay as they are.
   */
  readonly replacement?: (ReplacementVocabulary & { readonly rate: number }) | undefined;
  /** See `ClassifierOptions`. */
  readonly parts: number;
  /** See `ClassifierOptions`. */
  readonly turns: number;
  /** The number of steps from one record of each term's gradient norm to the next. */
  readonly logEvery: number;
  /** The table of PosCal's loss; undefined for the other losses. */
  readonly table: CurrentTable | undefined;
  /** Makes the random stream of that name. */
  random(name: string): RandomStream;
}

/** The random choices of one step. */
export interface FinetuningDraw {
  readonly labelled: readonly LabelledSequence[];
  /** Undefined where the variant has no energy. */
  readonly contrast: Contrast | undefined;
  /** The seed of dropout in each turn. */
  readonly seeds: readonly number[];
}

/**
 * Joint finetuning (He et al. 2021, section 3): each step trains the classes and, where there is an energy,
 * tells noise from data.
 */
export function finetuning(options: FinetuningOptions): TrainingMethod<FinetuningDraw> {
  return { draw: drawing(options), step: (drawn, rate) => takeStep(options, drawn, rate) };
}

/**
 * The cross-entropy batch, the data batch and the noise are drawn independently, each in passes over all of
 * its texts.
 */
function drawing(
  { shape, train, noise, batchSize, noiseRatio, replacement, turns, random }: FinetuningOptions,
): () => FinetuningDraw {
  const classOrder = batches(train.length, batchSize, random("class-order"));
  const dataOrder = batches(train.length, batchSize, random("data-order"));
  const noiseOrder = batches(noise.length, noiseRatio * batchSize, random("noise-order"));
  const dropout = random("dropout");
  const replacements = random("token-replacement");
  const augmented = (text: LabelledSequence) =>
    replacement ? replaceTokens(text, replacement.rate, replacement, replacements) : text;
  const contrast = () => ({
    data: dataOrder.next().value.map((row) => train[row]),
    noise: noiseOrder.next().value.map((row) => noise.at(row)!),
    told: toldClasses(shape.variant),
  });
  return () => ({
    labelled: classOrder.next().value.map((row) => augmented(train[row])),
    contrast: hasEnergy(shape.variant) ? contrast() : undefined,
    seeds: Array.from({ length: turns }, () => dropout.integer(2 ** 31)),
  });
}

function takeStep(options: FinetuningOptions, drawn: FinetuningDraw, rate: Rate): StepReport {
  const { session, classifier: { trainer, terms }, shape, parts, turns, table } = options;
  const batch = jointTurns(shape.config, drawn.labelled, parts, turns, drawn.contrast);
  const tableFeed = table && tableFeeds(table.at(rate.step));
  const feeds = batch.map((turn, index) => ({ ...turn.feeds, seed: drawn.seeds[index], ...tableFeed }));
  const isInspected = (rate.step - 1) % options.logEvery === 0;
  const norms = isInspected ? normFigures(trainer.inspect(session, feeds)) : {};
  const values = trainer.train(session, feeds, rate);
  const figures = stepFigures(values, terms, drawn.contrast && options.noiseRatio);
  return {
    figures: { learningRate: rate.learningRate, ...figures, ...norms },
    work: {
      tokens: sum(batch.map(({ tokens }) => tokens)),
      flops: sum(batch.map((turn) => classifierStepFlops(shape, turn))),
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
