import type { Graph, Operation, Tensor, Variable } from "./graph.ts";
import { add, divide, maximum, multiply, squareRoot, subtract, sumOfSquares } from "./ops.ts";
import { assign, release } from "./program.ts";

/** The settings of a step of AdamW. */
export interface AdamWOptions {
  /** The learning rate of this step: a float32 scalar. */
  readonly learningRate: Tensor;
  /** The number of this step, counted from 1: a float32 scalar. */
  readonly step: Tensor;
  /** The factor that all gradients are multiplied by: a float32 scalar. */
  readonly scale: Tensor;
  /** The weight decay of matrices and tables. Vectors (biases, normalisation weights) do not decay. */
  readonly weightDecay: number;
}

/** The paper's values, which every implementation has as its defaults. */
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/** Computes the global norm √Σ g² over all gradients: a scalar. */
export function globalNorm(gradients: ReadonlyMap<Variable, Tensor>): Tensor {
  const squares = Array.from(gradients.values(), (gradient) => sumOfSquares(gradient));
  return squareRoot(squares.reduce((total, term) => add(total, term)));
}

/**
 * Returns limit / max(norm, limit), a scalar. Gradients of that global norm, multiplied by it, have at most
 * the norm `limit`.
 */
export function clippingScale(norm: Tensor, limit: number): Tensor {
  return divide(norm.graph.constant(limit), maximum(norm, limit));
}

/**
 * Takes one step of AdamW (Loshchilov and Hutter 2019) on each variable: first the decoupled weight decay,
 * then Adam with the gradients times `scale`. Returns the operations that do it; they only run if a signature
 * names them as its updates.
 */
export function adamW(gradients: ReadonlyMap<Variable, Tensor>, options: AdamWOptions): Operation[] {
  const { learningRate, step, scale, weightDecay } = options;
  const { graph } = learningRate;
  const [beta1Power, beta2Power] = [beta1, beta2].map((beta) => power(beta, step));
  // TensorFlow adds epsilon before the bias correction of the second moment and AdamW after it, so epsilon is
  // scaled to match.
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

/** Returns the two variables that hold the running means of a variable's gradient and of its square. */
export function momentsOf(graph: Graph, { name, shape }: Variable): Variable[] {
  return ["mean", "variance"].map((moment) => graph.variable(`${name}/${moment}`, shape));
}

/**
 * Multiplies a variable by `kept` where it lies in memory. This is safe once `last` has been computed,
 * because nothing reads the old value after that.
 */
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
