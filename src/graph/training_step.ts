import { adamW, clippingScale, globalNorm, momentsOf } from "./adamw.ts";
import type { Operation, Tensor, Variable } from "./graph.ts";
import { multiply } from "./ops.ts";
import { assignments, readings, type Signature, zeroing } from "./program.ts";

/** The optimizer's settings. */
export interface TrainingStepOptions {
  readonly weightDecay: number;
  /** The limit of the gradients' global norm. */
  readonly clipNorm: number;
}

/** A step of AdamW together with the state of the optimizer. */
export interface TrainingStep {
  /**
   * The feeds of a training signature beside the model's inputs: the learning rate, and the number of the
   * step, counted from 1.
   */
  readonly inputs: { readonly learningRate: Tensor; readonly step: Tensor };
  /** The gradients' global norm before clipping. */
  readonly norm: Tensor;
  readonly updates: readonly Operation[];
  /** AdamW's running means of each variable's gradient and of its square. */
  readonly moments: readonly Variable[];
  /** `reset` sets the moments to zero, as before the first step; the others read and assign them. */
  readonly signatures: Readonly<Record<MomentSignature, Signature>>;
}

/** The names of the signatures for the optimizer's moments. */
export type MomentSignature = "reset" | "readMoments" | "assignMoments";

/**
 * Clips gradients by their global norm and steps their variables with AdamW. Where gradients are sums over
 * several `turns` of a batch, the step is taken with their mean.
 */
export function trainingStep(
  gradients: ReadonlyMap<Variable, Tensor>,
  { weightDecay, clipNorm }: TrainingStepOptions,
  turns = 1,
): TrainingStep {
  const variables = [...gradients.keys()];
  const [{ value: { graph } }] = variables;
  const learningRate = graph.placeholder("learningRate", "float32", []);
  const step = graph.placeholder("step", "float32", []);
  const norm = multiply(globalNorm(gradients), 1 / turns);
  const scale = multiply(clippingScale(norm, clipNorm), 1 / turns);
  const updates = adamW(gradients, { learningRate, step, scale, weightDecay });
  const moments = variables.flatMap((variable) => momentsOf(graph, variable));
  const signatures = {
    reset: zeroing(graph, moments),
    readMoments: readings(moments),
    assignMoments: assignments(graph, moments),
  };
  return { inputs: { learningRate, step }, norm, updates, moments, signatures };
}
