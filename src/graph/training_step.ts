import { adamW, clippingScale, globalNorm, momentsOf } from "./adamw.ts";
import { gradients } from "./gradient.ts";
import type { Operation, Tensor, Variable } from "./graph.ts";
import { assignments, readings, type Signature, zeroing } from "./program.ts";

export interface TrainingStepOptions {
  readonly weightDecay: number;
  /** Limit of the gradients' global norm. */
  readonly clipNorm: number;
}

/** A step of AdamW down a loss, and the optimizer's state. */
export interface TrainingStep {
  /** What a signature that trains takes beside the model's inputs: the learning rate, and the step's number from 1. */
  readonly inputs: { readonly learningRate: Tensor; readonly step: Tensor };
  /** The gradients' global norm before clipping. */
  readonly norm: Tensor;
  readonly updates: readonly Operation[];
  /** AdamW's means of each variable's gradient and of its square. */
  readonly moments: readonly Variable[];
  /** `reset` makes the moments zero, as before the first step; the others read them and set them. */
  readonly signatures: Readonly<Record<MomentSignature, Signature>>;
}

export type MomentSignature = "reset" | "readMoments" | "assignMoments";

/** Clips the gradients of a scalar loss by their global norm, and steps each variable with AdamW. */
export function trainingStep(
  loss: Tensor,
  variables: readonly Variable[],
  { weightDecay, clipNorm }: TrainingStepOptions,
): TrainingStep {
  const { graph } = loss;
  const learningRate = graph.placeholder("learningRate", "float32", []);
  const step = graph.placeholder("step", "float32", []);
  const slopes = gradients(loss, variables);
  const norm = globalNorm(slopes);
  const scale = clippingScale(norm, clipNorm);
  const updates = adamW(slopes, { learningRate, step, scale, weightDecay });
  const moments = variables.flatMap((variable) => momentsOf(graph, variable));
  const signatures = {
    reset: zeroing(graph, moments),
    readMoments: readings(moments),
    assignMoments: assignments(graph, moments),
  };
  return { inputs: { learningRate, step }, norm, updates, moments, signatures };
}
