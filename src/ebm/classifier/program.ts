import { Graph, type Precision, type Tensor, type Variable } from "../../graph/graph.ts";
import { gather, join, reshape } from "../../graph/ops.ts";
import {
  assignments,
  compile,
  compileTrained,
  type Program,
  readings,
  type Signature,
} from "../../graph/program.ts";
import type { MomentSignature } from "../../graph/training_step.ts";
import type { Weights } from "../../graph/weights.ts";
import { encodeFirstTokens, head } from "../../nn/classifier.ts";
import type { TransformerConfig } from "../../nn/config.ts";
import { firstTokensFlops, headFlops, trainingFlops } from "../../nn/flops.ts";
import { type Drop, dropoutFrom, keep } from "../../nn/layers.ts";
import { type PackedInputs, packedInputs } from "../../nn/packing.ts";
import type { BatchSize } from "../../nn/sequence.ts";
import { type ClassLoss, classLoss } from "./class_loss.ts";
import { stepsInTurns, type Trainer, type TrainingLoss, wholeSteps } from "./joint_steps.ts";
import { energy, jointLoss, type JointLossOptions, labelledEnergy } from "./objective.ts";
import { hasEnergy, hasScalarHead, toldClasses, type Variant } from "./variant.ts";

/** The classifier's architecture. With its weights it determines what the classifier predicts. */
export interface ClassifierShape {
  readonly config: TransformerConfig;
  readonly classes: number;
  readonly variant: Variant;
}

/** The classifier's architecture and how it is trained. */
export interface ClassifierOptions extends ClassifierShape, JointLossOptions {
  readonly classLoss: ClassLoss;
  readonly precision: Precision;
  readonly weightDecay: number;
  readonly clipNorm: number;
  /** The number of parts of a batch that threads compute side by side; at most the number of its rows. */
  readonly parts: number;
  /** The number of turns in which a step computes its batch, one after the other; see `turnsOf`. */
  readonly turns: number;
}

export type ClassifierSignature = "assign" | "train" | "predict" | "read" | MomentSignature;

/** The program that trains a classifier, with what its users need to know of it. */
export interface ClassifierProgram {
  readonly program: Program<ClassifierSignature>;
  /** The classifier's weights. */
  readonly variables: readonly Variable[];
  /** The optimizer's state: AdamW's moments of each weight. */
  readonly moments: readonly Variable[];
  readonly trainer: Trainer;
  /** The names of the loss's terms in the log. */
  readonly terms: readonly string[];
}

/** The classifier's outputs for the rows of a batch. */
interface Outputs {
  readonly logits: Tensor; // [rows, classes]
  /** Undefined where the variant has no energy. */
  readonly energies: Tensor | undefined; // [rows]
}

/**
 * Builds the program that trains and predicts (He et al. 2021, section 3). Its signatures: `assign` and
 * `read` the weights, `assignMoments` and `readMoments` the optimizer's state, which `reset` sets to 0;
 * `predict` gives logits and energies; `trainer` runs the others.
 */
export function classifierProgram(options: ClassifierOptions): ClassifierProgram {
  const graph = new Graph(options.precision);
  const inputs = Array.from({ length: options.parts }, (_, part) => packedInputs(graph, part));
  const seed = graph.placeholder("seed", "int32", []);

  const outputs = outputsOf(graph, options, inputs, dropoutFrom(seed));
  const { feeds, ...values } = trainingLoss(graph, options, outputs);
  const loss = { ...values, feeds: { ...feedsOf(inputs), ...feeds, seed } };
  const variables = [...graph.variables.values()];
  const { signatures, moments, trainer } = options.turns === 1
    ? wholeSteps(loss, variables, options)
    : stepsInTurns(graph, loss, variables, options, options.turns);

  const program = compile<ClassifierSignature>(graph, {
    assign: assignments(graph, variables),
    ...signatures,
    predict: predictSignature(graph, options, inputs),
    read: readings(variables),
  }, options.parts);
  return { program, variables, moments, trainer, terms: Object.keys(loss.terms) };
}

/**
 * Builds the program of a trained classifier, with its weights in it. Its one signature, `predict`, gives
 * logits and energies. With `dropout` it drops as training does, and each run is fed the `seed` of what is
 * dropped.
 */
export function predictorProgram(
  shape: ClassifierShape,
  weights: (variables: Iterable<Variable>) => Weights,
  { precision, parts, dropout }: Pick<ClassifierOptions, "precision" | "parts"> & {
    readonly dropout?: boolean;
  },
): Program<"predict"> {
  const graph = new Graph(precision);
  const inputs = Array.from({ length: parts }, (_, part) => packedInputs(graph, part));
  const seed = dropout ? graph.placeholder("seed", "int32", []) : undefined;
  const predict = predictSignature(graph, shape, inputs, seed);
  return compileTrained(graph, weights(graph.variables.values()), { predict }, parts);
}

/** Whether a weight of this name belongs to a head, which starts at random: that of a pretrained model isn't used. */
export function isHead(name: string): boolean {
  return /^(pooler|pre_classifier|classifier|energy)\./.test(name);
}

/** Returns the floating-point operations that the matrix products of a training step need. */
export function classifierStepFlops({ config, classes, variant }: ClassifierShape, size: BatchSize): number {
  const energy = hasScalarHead(variant) ? headFlops(config, size.rows, 1) : 0;
  return trainingFlops(firstTokensFlops(config, size) + headFlops(config, size.rows, classes) + energy);
}

function predictSignature(
  graph: Graph,
  shape: ClassifierShape,
  inputs: readonly PackedInputs[],
  seed?: Tensor,
): Signature {
  const { logits, energies } = outputsOf(graph, shape, inputs, seed ? dropoutFrom(seed) : keep);
  return {
    inputs: { ...feedsOf(inputs), ...(seed && { seed }) },
    outputs: energies ? { logits, energy: energies } : { logits },
  };
}

function feedsOf(inputs: readonly PackedInputs[]): Readonly<Record<string, Tensor>> {
  return Object.assign({}, ...inputs.map(({ feeds }) => feeds));
}

/** Adds the outputs for all rows of a batch to the graph, one part after the other. */
function outputsOf(
  graph: Graph,
  shape: ClassifierShape,
  inputs: readonly PackedInputs[],
  drop: Drop,
): Outputs {
  const parts = inputs.map((part) => outputsOfPart(graph, shape, part, drop));
  const energies = parts.flatMap((part) => part.energies ?? []);
  return {
    logits: join(parts.map(({ logits }) => logits)),
    energies: energies.length > 0 ? join(energies) : undefined,
  };
}

function outputsOfPart(
  graph: Graph,
  { config, classes, variant }: ClassifierShape,
  inputs: PackedInputs,
  drop: Drop,
): Outputs {
  const state = encodeFirstTokens(graph, config, inputs, drop); // [rows, hidden]
  const logits = head(graph, config, state, "classifier", classes, drop); // [rows, classes]
  const scalarHead = () => {
    const scalars = head(graph, config, state, "energy", 1, drop); // [rows, 1]
    return reshape(scalars, [scalars.shape[0]]); // [rows]
  };
  return { logits, energies: hasEnergy(variant) ? energy(variant, logits, scalarHead) : undefined };
}

/**
 * Adds the loss of a batch to the graph. One batch holds the rows of all its terms; `classRows` and so on say
 * which are whose.
 */
function trainingLoss(
  graph: Graph,
  options: ClassifierOptions,
  { logits, energies }: Outputs,
): TrainingLoss {
  const labels = graph.placeholder("labels", "int32", ["classRows"]);
  const classRows = graph.placeholder("classRows", "int32", ["classRows"]);
  const ofClasses = classLoss(gather(logits, classRows), labels, options.classLoss);
  const feeds = { labels, classRows, ...ofClasses.feeds };
  if (!energies) return { ...ofClasses, perRow: {}, feeds };

  const dataRows = graph.placeholder("dataRows", "int32", ["dataRows"]);
  const noiseRows = graph.placeholder("noiseRows", "int32", ["noiseRows"]);
  const told = Object.fromEntries(
    toldClasses(options.variant).map((kind) => [
      `${kind}Labels`,
      graph.placeholder(`${kind}Labels`, "int32", [`${kind}Rows`]),
    ]),
  );
  const energiesOf = (rows: Tensor, labels: Tensor | undefined) =>
    labels ? labelledEnergy(gather(logits, rows), labels) : gather(energies, rows);
  const perRow = {
    dataEnergy: energiesOf(dataRows, told.dataLabels),
    noiseEnergy: energiesOf(noiseRows, told.noiseLabels),
  };
  const { total, noiseContrast } = jointLoss(ofClasses.total, perRow, options);
  return {
    total,
    terms: { ...ofClasses.terms, noiseContrast },
    perRow,
    feeds: { ...feeds, dataRows, noiseRows, ...told },
  };
}
