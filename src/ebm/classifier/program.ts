import { Graph, type Precision, type Tensor, type Variable } from "../../graph/graph.ts";
import { add, gather, join, multiply, reshape } from "../../graph/ops.ts";
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
import { hiddenEnergy, sharpHiddenEnergy } from "./energy.ts";
import { type Objective, stepsInTurns, type Trainer, wholeSteps } from "./joint_steps.ts";
import { dataTerm, noiseTerm } from "./objective.ts";
import type { Variant } from "./variant.ts";

/** What the classifier is, apart from its weights. */
export interface ClassifierShape {
  readonly config: TransformerConfig;
  readonly classes: number;
  readonly variant: Variant;
}

export interface ClassifierOptions extends ClassifierShape {
  readonly classLoss: ClassLoss;
  /** K: noise samples for each text of the data. */
  readonly noiseRatio: number;
  /** λ: the weight of the noise-contrastive terms beside cross-entropy. */
  readonly energyWeight: number;
  readonly precision: Precision;
  readonly weightDecay: number;
  readonly clipNorm: number;
  /** How many parts a batch is split into, which threads compute side by side; no more than it has rows. */
  readonly parts: number;
  /** How many turns a step takes on a batch, one after the other; see `turnsOf`. */
  readonly turns: number;
}

export type ClassifierSignature = "assign" | "train" | "predict" | "read" | MomentSignature;

export interface ClassifierProgram {
  readonly program: Program<ClassifierSignature>;
  /** What is trained, without the optimizer's moments. */
  readonly variables: readonly Variable[];
  readonly moments: readonly Variable[];
  readonly trainer: Trainer;
  /** The names of the loss's terms. */
  readonly terms: readonly string[];
}

/** What the classifier says of each row. */
interface Verdict {
  readonly logits: Tensor; // [rows, classes]
  readonly energy?: Tensor; // [rows]
}

/**
 * The classifier as a program (paper, section 3): `assign` its weights, `reset` the optimizer, `predict` logits and energies, `read` the
 * weights, `readMoments` and `assignMoments` of the optimizer, and what `trainer` runs.
 */
export function classifierProgram(options: ClassifierOptions): ClassifierProgram {
  const graph = new Graph(options.precision);
  const inputs = Array.from({ length: options.parts }, (_, part) => packedInputs(graph, part));
  const seed = graph.placeholder("seed", "int32", []);

  const loss = jointLoss(graph, options, verdicts(graph, options, inputs, dropoutFrom(seed)));
  const objective = { ...loss, feeds: { ...feedsOf(inputs), ...loss.feeds, seed } };
  const variables = [...graph.variables.values()];
  const { signatures, moments, trainer } = options.turns === 1
    ? wholeSteps(objective, variables, options)
    : stepsInTurns(graph, objective, variables, options, options.turns);

  const program = compile<ClassifierSignature>(graph, {
    assign: assignments(graph, variables),
    ...signatures,
    predict: predictSignature(graph, options, inputs),
    read: readings(variables),
  }, options.parts);
  return { program, variables, moments, trainer, terms: Object.keys(loss.terms) };
}

/**
 * The trained classifier as a program that has its weights in it: `predict` logits and energies, with `dropout` as in training
 * where it is asked for; its masks are a function of a `seed` that each run is fed.
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

/** The floating-point operations that a training step's matrix products need. */
export function classifierStepFlops({ config, classes, variant }: ClassifierShape, size: BatchSize): number {
  const energy = variant === "scalar" ? headFlops(config, size.rows, 1) : 0;
  return trainingFlops(firstTokensFlops(config, size) + headFlops(config, size.rows, classes) + energy);
}

function predictSignature(
  graph: Graph,
  shape: ClassifierShape,
  inputs: readonly PackedInputs[],
  seed?: Tensor,
): Signature {
  const { logits, energy } = verdicts(graph, shape, inputs, seed ? dropoutFrom(seed) : keep);
  return {
    inputs: { ...feedsOf(inputs), ...(seed && { seed }) },
    outputs: energy ? { logits, energy } : { logits },
  };
}

function feedsOf(inputs: readonly PackedInputs[]): Readonly<Record<string, Tensor>> {
  return Object.assign({}, ...inputs.map(({ feeds }) => feeds));
}

/** What the classifier says of the rows of all parts of a batch, one part after the other. */
function verdicts(
  graph: Graph,
  shape: ClassifierShape,
  inputs: readonly PackedInputs[],
  drop: Drop,
): Verdict {
  const each = inputs.map((part) => verdict(graph, shape, part, drop));
  const energies = each.flatMap(({ energy }) => energy ?? []);
  return {
    logits: join(each.map(({ logits }) => logits)),
    energy: energies.length > 0 ? join(energies) : undefined,
  };
}

function verdict(graph: Graph, shape: ClassifierShape, inputs: PackedInputs, drop: Drop): Verdict {
  const { config, classes, variant } = shape;
  const state = encodeFirstTokens(graph, config, inputs, drop); // [rows, hidden]
  const logits = head(graph, config, state, "classifier", classes, drop);
  switch (variant) {
    case "scalar": {
      const energy = head(graph, config, state, "energy", 1, drop); // [rows, 1]
      return { logits, energy: reshape(energy, [energy.shape[0]]) };
    }
    case "hidden":
      return { logits, energy: hiddenEnergy(logits) };
    case "sharp-hidden":
      return { logits, energy: sharpHiddenEnergy(logits) };
    default:
      return { logits };
  }
}

/**
 * The classes' loss + λ · (data term + noise term). One batch holds the rows of all three; `classRows`, `dataRows` and `noiseRows`
 * say which are which.
 */
function jointLoss(graph: Graph, options: ClassifierOptions, { logits, energy }: Verdict): Objective {
  const labels = graph.placeholder("labels", "int32", ["classRows"]);
  const classRows = graph.placeholder("classRows", "int32", ["classRows"]);
  const ofClasses = classLoss(gather(logits, classRows), labels, options.classLoss);
  const feeds = { labels, classRows, ...ofClasses.feeds };
  if (!energy) return { ...ofClasses, ofRows: {}, feeds };

  const { noiseRatio, energyWeight } = options;
  const dataRows = graph.placeholder("dataRows", "int32", ["dataRows"]);
  const noiseRows = graph.placeholder("noiseRows", "int32", ["noiseRows"]);
  const [dataEnergy, noiseEnergy] = [dataRows, noiseRows].map((rows) => gather(energy, rows));
  const noiseContrast = add(dataTerm(dataEnergy, noiseRatio), noiseTerm(noiseEnergy, noiseRatio));
  return {
    total: add(ofClasses.total, multiply(noiseContrast, energyWeight)),
    terms: { ...ofClasses.terms, noiseContrast },
    ofRows: { dataEnergy, noiseEnergy },
    feeds: { ...feeds, dataRows, noiseRows },
  };
}
