import type { Graph, Operation, Tensor, Variable } from "./graph.ts";
import { add, divide, maximum, multiply, squareRoot, subtract, sumOfSquares } from "./ops.ts";
import { assign, release } from "./program.ts";

export interface AdamWOptions {
  /** Learning rate of this step, a scalar. */
  readonly learningRate: Tensor;
  /** Number of this step, from 1, a float32 scalar. */
  readonly step: Tensor;
  /** What the gradients are multiplied by, a scalar. */
  readonly scale: Tensor;
  /** Of matrices and tables; vectors (biases, normalisation weights) don't decay. */
  readonly weightDecay: number;
}

/** What they are in the paper and in every implementation of it. */
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/** √Σ g² over all gradients: a scalar. */
export function globalNorm(gradients: ReadonlyMap<Variable, Tensor>): Tensor {
  const squares = Array.from(gradients.values(), (gradient) => sumOfSquares(gradient));
  return squareRoot(squares.reduce((total, term) => add(total, term)));
}

/** What gradients are to be multiplied by, all together, so that their global norm is at most `limit`: a scalar. */
export function clippingScale(norm: Tensor, limit: number): Tensor {
  return divide(norm.graph.constant(limit), maximum(norm, limit));
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019) on each variable: decoupled weight decay first, then Adam with
 * gradients times `scale`. Returns the operations that do it, which a signature must name to have them run.
 */
export function adamW(gradients: ReadonlyMap<Variable, Tensor>, options: AdamWOptions): Operation[] {
  const { learningRate, step, scale, weightDecay } = options;
  const { graph } = learningRate;
  const [beta1Power, beta2Power] = [beta1, beta2].map((beta) => power(beta, step));
  // TensorFlow adds epsilon before the bias correction of the second moment, AdamW after it; so it is scaled to match.
  const scaledEpsilon = multiply(squareRoot(subtract(graph.constant(1), beta2Power)), epsilon);
  const betas = [graph.constant(beta1), graph.constant(beta2)];
  const kept = subtract(graph.constant(1), multiply(learningRate, weightDecay));
  return Array.from(gradients, ([variable, gradient]) => {
    const moments = momentsOf(graph, variable).map(({ handle }) => handle);
    const inputs = [
      variable.handle,
      ...moments,
      beta1Power,
      beta2Power,
      learningRate,
      ...betas,
      scaledEpsilon,
      multiply(gradient, scale),
    ];
    const before = variable.shape.length > 1 ? [decay(variable, kept, scale)] : [];
    return graph.operation("ResourceApplyAdam", inputs, { attributes: { T: "float32" }, after: before });
  });
}

/** The running means of a variable's gradient and of its square. */
export function momentsOf(graph: Graph, { name, shape }: Variable): Variable[] {
  return ["mean", "variance"].map((moment) => graph.variable(`${name}/${moment}`, shape));
}

/** Multiplies a variable by `kept` where it lies in memory. Once `last` is there, nothing else reads its value any more. */
function decay({ handle, value }: Variable, kept: Tensor, last: Tensor): Operation {
  const { outputs: [decayed] } = value.graph.operation("Mul", [value, kept], {
    attributes: { T: "float32" },
    outputs: [value],
    after: [release(handle, value, [last.source])],
  });
  return assign(handle, decayed);
}

function power(base: number, exponent: Tensor): Tensor {
  return exponent.graph.operation("Pow", [exponent.graph.constant(base), exponent], {
    attributes: { T: "float32" },
    outputs: [{ dtype: "float32", shape: [] }],
  }).outputs[0];
}
