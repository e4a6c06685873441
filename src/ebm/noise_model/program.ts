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

export interface NoiseModelOptions {
  readonly config: TransformerConfig;
  readonly precision: Precision;
  readonly weightDecay: number;
  readonly clipNorm: number;
  /** How many parts a training batch is split into, which threads compute side by side; no more than it has rows. */
  readonly parts: number;
}

export type NoiseModelSignature = "assign" | "train" | "evaluate" | "read" | MomentSignature;

export interface NoiseModelProgram {
  readonly program: Program<NoiseModelSignature>;
  /** What is trained, without the optimizer's moments. */
  readonly variables: readonly Variable[];
  readonly moments: readonly Variable[];
}

/**
 * The noise language model as a program: `evaluate` gives each scored token's loss; the rest is as for the classifier. `scored`
 * names the packed tokens whose successors are scored, `successors` those.
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

/** The loss of each scored token of a batch, or of a part of one, and what is fed for it. */
function scoredTokens(graph: Graph, config: TransformerConfig, drop: Drop, part?: number) {
  const inputs = packedInputs(graph, part);
  const [scored, successors] = ["scored", "successors"].map((name) =>
    graph.placeholder(partName(name, part), "int32", [partName("scored", part)])
  );
  const { ids, positions, packing } = inputs;
  const attend = (places?: Tensor) =>
    attendWithin(packing, config.heads, config.attentionDropout, drop, places);
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

/** The floating-point operations that a training step's matrix products need. */
export function noiseModelStepFlops(config: TransformerConfig, batch: NoiseBatch): number {
  return trainingFlops(someTokensFlops(config, batch, batch.scored)) +
    nextTokenTrainingFlops(config, batch.scored);
}
