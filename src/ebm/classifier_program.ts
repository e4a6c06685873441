import { globalNorm } from "../graph/adamw.ts";
import { gradients } from "../graph/gradient.ts";
import { Graph, type Precision, type Tensor, type Variable, type Weights } from "../graph/graph.ts";
import { add, gather, join, multiply, reshape } from "../graph/ops.ts";
import {
  assignments,
  compile,
  compileTrained,
  type Program,
  readings,
  type Signature,
} from "../graph/program.ts";
import { type MomentSignature, trainingStep } from "../graph/training_step.ts";
import { encodeFirstTokens, head } from "../nn/classifier.ts";
import type { TransformerConfig } from "../nn/config.ts";
import { type BatchSize, firstTokensFlops, headFlops, trainingFlops } from "../nn/flops.ts";
import { type Drop, dropoutFrom, keep } from "../nn/layers.ts";
import { type PackedInputs, packedInputs } from "../nn/packing.ts";
import { type ClassLoss, classLoss } from "./class_loss.ts";
import { hiddenEnergy, sharpHiddenEnergy } from "./energy.ts";
import { dataTerm, noiseTerm } from "./nce.ts";
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
}

export type ClassifierSignature = "assign" | "train" | "inspect" | "predict" | "read" | MomentSignature;

export interface ClassifierProgram {
  readonly program: Program<ClassifierSignature>;
  /** What is trained, without the optimizer's moments. */
  readonly variables: readonly Variable[];
  readonly moments: readonly Variable[];
  /** The names of the loss's terms: outputs of `train`, and of `inspect` the norms of their gradients. */
  readonly terms: readonly string[];
}

/** What the classifier says of each row. */
interface Verdict {
  readonly logits: Tensor; // [rows, classes]
  readonly energy?: Tensor; // [rows]
}

/**
 * The classifier as a program (paper, section 3): `assign` its weights, `reset` the optimizer, `train` one step, `inspect` the
 * norm of each term's gradient, `predict` logits and energies, `read` the weights, `readMoments` and `assignMoments` of the
 * optimizer.
 */
export function classifierProgram(options: ClassifierOptions): ClassifierProgram {
  const graph = new Graph(options.precision);
  const inputs = Array.from({ length: options.parts }, (_, part) => packedInputs(graph, part));
  const seed = graph.placeholder("seed", "int32", []);

  const loss = jointLoss(graph, options, verdicts(graph, options, inputs, dropoutFrom(seed)));
  const variables = [...graph.variables.values()];
  const { norm, updates, moments, ...step } = trainingStep(loss.total, variables, options);
  const norms = Object.entries(loss.terms).map((
    [name, term],
  ) => [name, globalNorm(gradients(term, variables))]);

  const trainInputs = { ...feedsOf(inputs), ...loss.feeds, seed };
  const program = compile(graph, {
    assign: assignments(graph, variables),
    ...step.signatures,
    train: {
      inputs: { ...trainInputs, ...step.inputs },
      outputs: { loss: loss.total, norm, ...loss.terms, ...loss.energies },
      updates,
    },
    inspect: { inputs: trainInputs, outputs: Object.fromEntries(norms) },
    predict: predictSignature(graph, options, inputs),
    read: readings(variables),
  }, options.parts);
  return { program, variables, moments, terms: Object.keys(loss.terms) };
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

interface JointLoss {
  readonly total: Tensor;
  readonly terms: Readonly<Record<string, Tensor>>;
  readonly energies: Readonly<Record<string, Tensor>>;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/**
 * The classes' loss + λ · (data term + noise term). One batch holds the rows of all three; `classRows`, `dataRows` and `noiseRows`
 * say which are which.
 */
function jointLoss(graph: Graph, options: ClassifierOptions, { logits, energy }: Verdict): JointLoss {
  const labels = graph.placeholder("labels", "int32", ["classRows"]);
  const classRows = graph.placeholder("classRows", "int32", ["classRows"]);
  const ofClasses = classLoss(gather(logits, classRows), labels, options.classLoss);
  const feeds = { labels, classRows, ...ofClasses.feeds };
  if (!energy) return { ...ofClasses, energies: {}, feeds };

  const { noiseRatio, energyWeight } = options;
  const dataRows = graph.placeholder("dataRows", "int32", ["dataRows"]);
  const noiseRows = graph.placeholder("noiseRows", "int32", ["noiseRows"]);
  const [dataEnergy, noiseEnergy] = [dataRows, noiseRows].map((rows) => gather(energy, rows));
  const noiseContrast = add(dataTerm(dataEnergy, noiseRatio), noiseTerm(noiseEnergy, noiseRatio));
  return {
    total: add(ofClasses.total, multiply(noiseContrast, energyWeight)),
    terms: { ...ofClasses.terms, noiseContrast },
    energies: { dataEnergy, noiseEnergy },
    feeds: { ...feeds, dataRows, noiseRows },
  };
}
