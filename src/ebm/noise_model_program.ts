import { Graph, type Precision, type Variable } from "../graph/graph.ts";
import { gather, mean, softmaxCrossEntropy } from "../graph/ops.ts";
import { assignments, compile, type Program, readings } from "../graph/program.ts";
import { type MomentSignature, trainingStep } from "../graph/training_step.ts";
import { attendWithin } from "../nn/attention.ts";
import type { TransformerConfig } from "../nn/config.ts";
import { decode, nextTokenLogits } from "../nn/decoder.ts";
import { nextTokenFlops, trainingFlops, transformerFlops } from "../nn/flops.ts";
import { type Drop, dropoutFrom, keep } from "../nn/layers.ts";
import { packedInputs } from "../nn/packing.ts";
import type { NoiseBatch } from "./noise_batch.ts";

export interface NoiseModelOptions {
  readonly config: TransformerConfig;
  readonly precision: Precision;
  readonly weightDecay: number;
  readonly clipNorm: number;
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
export function noiseModelProgram({ config, precision, ...options }: NoiseModelOptions): NoiseModelProgram {
  const graph = new Graph(precision);
  const inputs = packedInputs(graph);
  const scored = graph.placeholder("scored", "int32", ["scored"]);
  const successors = graph.placeholder("successors", "int32", ["scored"]);
  const seed = graph.placeholder("seed", "int32", []);
  const losses = (drop: Drop) => {
    const attend = attendWithin(inputs.packing, config.heads, config.attentionDropout, drop);
    const hidden = decode(graph, config, { ids: inputs.ids, positions: inputs.positions }, attend, drop);
    return softmaxCrossEntropy(nextTokenLogits(graph, config, gather(hidden, scored)), successors); // [scored]
  };

  const loss = mean(losses(dropoutFrom(seed)));
  const variables = [...graph.variables.values()];
  const { norm, updates, moments, ...step } = trainingStep(loss, variables, options);

  const feeds = { ...inputs.feeds, scored, successors };
  const program = compile(graph, {
    assign: assignments(graph, variables),
    ...step.signatures,
    train: { inputs: { ...feeds, seed, ...step.inputs }, outputs: { loss, norm }, updates },
    evaluate: { inputs: feeds, outputs: { losses: losses(keep) } },
    read: readings(variables),
  });
  return { program, variables, moments };
}

/** The floating-point operations that a training step's matrix products need. */
export function noiseModelStepFlops(config: TransformerConfig, batch: NoiseBatch): number {
  return trainingFlops(transformerFlops(config, batch) + nextTokenFlops(config, batch.scored));
}
