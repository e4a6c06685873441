import { adamW, clipByGlobalNorm, globalNorm, momentsOf } from "../graph/adamw.ts";
import { gradients } from "../graph/gradient.ts";
import { Graph, type Precision, type Variable } from "../graph/graph.ts";
import { gather, mean, softmaxCrossEntropy } from "../graph/ops.ts";
import { assignments, compile, type Program, readings, zeroing } from "../graph/program.ts";
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

export type NoiseModelSignature = "assign" | "reset" | "train" | "evaluate" | "read";

export interface NoiseModelProgram {
  readonly program: Program<NoiseModelSignature>;
  /** What is trained, without the optimizer's moments. */
  readonly variables: readonly Variable[];
}

/**
 * The noise language model as a program: `assign`, `reset`, `train` and `read` as for the classifier, and `evaluate` each scored
 * token's loss. `scored` names the packed tokens whose successors are scored, `successors` those.
 */
export function noiseModelProgram(
  { config, precision, weightDecay, clipNorm }: NoiseModelOptions,
): NoiseModelProgram {
  const graph = new Graph(precision);
  const inputs = packedInputs(graph, true);
  const scored = graph.placeholder("scored", "int32", ["scored"]);
  const successors = graph.placeholder("successors", "int32", ["scored"]);
  const seed = graph.placeholder("seed", "int32", []);
  const learningRate = graph.placeholder("learningRate", "float32", []);
  const step = graph.placeholder("step", "float32", []);
  const losses = (drop: Drop) => {
    const attend = attendWithin(inputs.packing, config.heads, config.attentionDropout, drop);
    const hidden = decode(graph, config, { ids: inputs.ids, positions: inputs.positions }, attend, drop);
    return softmaxCrossEntropy(nextTokenLogits(graph, config, gather(hidden, scored)), successors); // [scored]
  };

  const loss = mean(losses(dropoutFrom(seed)));
  const variables = [...graph.variables.values()];
  const slopes = gradients(loss, variables);
  const norm = globalNorm(slopes);
  const updates = adamW(clipByGlobalNorm(slopes, norm, clipNorm), { learningRate, step, weightDecay });
  const moments = variables.flatMap((variable) => momentsOf(graph, variable));

  const feeds = { ...inputs.feeds, scored, successors };
  const program = compile(graph, {
    assign: assignments(graph, variables),
    reset: zeroing(graph, moments),
    train: { inputs: { ...feeds, seed, learningRate, step }, outputs: { loss, norm }, updates },
    evaluate: { inputs: feeds, outputs: { losses: losses(keep) } },
    read: readings(variables),
  });
  return { program, variables };
}

/** The floating-point operations that a training step's matrix products need. */
export function noiseModelStepFlops(config: TransformerConfig, batch: NoiseBatch): number {
  return trainingFlops(transformerFlops(config, batch) + nextTokenFlops(config, batch.scored));
}
