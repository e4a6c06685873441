import { gradients } from "../../graph/gradient.ts";
import { Graph, type Precision, type Tensor, type Variable } from "../../graph/graph.ts";
import { gather, join, mean } from "../../graph/ops.ts";
import { assignments, compile, type Program, readings } from "../../graph/program.ts";
import { type MomentSignature, trainingStep } from "../../graph/training_step.ts";
import { attendWithin } from "../../nn/attention.ts";
import type { TransformerConfig } from "../../nn/config.ts";
import { decode, nextTokenLosses } from "../../nn/decoder.ts";
import { nextTokenTrainingFlops, someTokensFlops, trainingFlops } from "../../nn/flops.ts";
import { type Drop, dropoutFrom, keep } from "../../nn/layers.ts";
import { packedInputs, partName } from "../../nn/packing.ts";
import type { NoiseBatch } from "./batch.ts";

/** The noise model's sizes and how it is trained. */
export interface NoiseModelOptions {
  readonly config: TransformerConfig;
  readonly precision: Precision;
  readonly weightDecay: number;
  readonly clipNorm: number;
  /**
   * The number of parts of a training batch that threads compute side by side; at most the number of its
   * rows.
   */
  readonly parts: number;
}

export type NoiseModelSignature = "assign" | "train" | "evaluate" | "read" | MomentSignature;

/** The program that trains a noise model, with what its users need to know of it. */
export interface NoiseModelProgram {
  readonly program: Program<NoiseModelSignature>;
  /** The noise model's weights. */
  readonly variables: readonly Variable[];
  /** The optimizer's state: AdamW's moments of each weight. */
  readonly moments: readonly Variable[];
}

/**
 * Builds the program that trains the noise model. `train` takes a step on a batch in parts, `evaluate` gives
 * the loss of each scored token of a batch without parts or dropout; the other signatures are the classifier
 * program's.
 */
export function noiseModelProgram(options: NoiseModelOptions): NoiseModelProgram {
  const { config, precision } = options;
  const graph = new Graph(precision);
  const seed = graph.placeholder("seed", "int32", []);
  const drop = dropoutFrom(seed);
  const parts = Array.from({ length: options.parts }, (_, part) => scoredTokens(graph, config, drop, part));
  const loss = mean(join(parts.map(({ losses }) => losses)));
  const variables = [...graph.variables.values()];
  const { norm, updates, moments, ...step } = trainingStep(gradients(loss, variables), options);

  const feeds = Object.assign({}, ...parts.map((part) => part.feeds));
  const whole = scoredTokens(graph, config, keep);
  const program = compile(graph, {
    assign: assignments(graph, variables),
    ...step.signatures,
    train: { inputs: { ...feeds, seed, ...step.inputs }, outputs: { loss, norm }, updates },
    evaluate: { inputs: whole.feeds, outputs: { losses: whole.losses } },
    read: readings(variables),
  }, options.parts);
  return { program, variables, moments };
}

/**
 * Adds the loss of each scored token of a batch, or of one of its parts, to the graph: [scored], with its
 * feeds.
 */
function scoredTokens(graph: Graph, config: TransformerConfig, drop: Drop, part?: number) {
  const inputs = packedInputs(graph, part);
  const [scored, successors] = ["scored", "successors"].map((name) =>
    graph.placeholder(partName(name, part), "int32", [partName("scored", part)])
  );
  const { ids, positions, packing } = inputs;
  const attend = (places?: Tensor) => attendWithin(packing, config, drop, places);
  const hidden = decode(graph, config, { ids, positions }, attend(), drop, {
    tokens: scored,
    attend: attend(gather(packing.tokens.places, scored)),
  });
  const losses = nextTokenLosses(graph, config, hidden, successors); // [scored]
  const feeds = {
    ...inputs.feeds,
    [partName("scored", part)]: scored,
    [partName("successors", part)]: successors,
  };
  return { losses, feeds };
}

/** Returns the floating-point operations that the matrix products of a training step need. */
export function noiseModelStepFlops(config: TransformerConfig, batch: NoiseBatch): number {
  return trainingFlops(someTokensFlops(config, batch, batch.scored)) +
    nextTokenTrainingFlops(config, batch.scored);
}
