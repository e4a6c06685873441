import type { Graph, Operation, Tensor, Variable } from "./graph.ts";
import { add, divide, maximum, multiply, squareRoot, subtract, sumOfSquares } from "./ops.ts";

export interface AdamWOptions {
  /** Learning rate of this step, a scalar. */
  readonly learningRate: Tensor;
  /** Number of this step, from 1, a float32 scalar. */
  readonly step: Tensor;
  /** Of matrices and tables; vectors (biases, normalisation weights) don't decay. */
  readonly weightDecay: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** √Σ g² over all gradients: a scalar. */
export function globalNorm(gradients: ReadonlyMap<Variable, Tensor>): Tensor {
  const squares = Array.from(gradients.values(), (gradient) => sumOfSquares(gradient));
  return squareRoot(squares.reduce((total, term) => add(total, term)));
}

/** Scales all gradients down together, so that their global norm is at most `limit`. */
export function clipByGlobalNorm(
  gradients: ReadonlyMap<Variable, Tensor>,
  norm: Tensor,
  limit: number,
): Map<Variable, Tensor> {
  const scale = divide(norm.graph.constant(limit), maximum(norm, limit));
  return new Map(Array.from(gradients, ([variable, gradient]) => [variable, multiply(gradient, scale)]));
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019) on each variable: decoupled weight decay first, then Adam. Returns the
 * operations that do it, which a signature must name to have them run.
 */
export function adamW(gradients: ReadonlyMap<Variable, Tensor>, options: AdamWOptions): Operation[] {
  const { learningRate, step, weightDecay, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { graph } = learningRate;
  const [beta1Power, beta2Power] = [beta1, beta2].map((beta) => power(beta, step));
  // TensorFlow adds epsilon before the bias correction of the second moment, AdamW after it; so it is scaled to match.
  const scaledEpsilon = multiply(squareRoot(subtract(graph.constant(1), beta2Power)), epsilon);
  const betas = [graph.constant(beta1), graph.constant(beta2)];
  const decayRate = multiply(learningRate, weightDecay);
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
      gradient,
    ];
    const before = variable.shape.length > 1 ? [decay(variable, decayRate, gradient)] : [];
    return graph.operation("ResourceApplyAdam", inputs, { attributes: { T: "float32" }, after: before });
  });
}

/** The running means of a variable's gradient and of its square. */
export function momentsOf(graph: Graph, { name, shape }: Variable): Variable[] {
  return ["mean", "variance"].map((moment) => graph.variable(`${name}/${moment}`, shape));
}

// The gradient was computed from the weights as they were, so it has to be there before they change. The amount waits for it
// too: computed earlier, it would lie in memory, as large as the weights, while the step needs the most of it.
function decay({ handle, value }: Variable, rate: Tensor, gradient: Tensor): Operation {
  const { graph } = value;
  const { outputs: [amount] } = graph.operation("Mul", [value, rate], {
    attributes: { T: "float32" },
    outputs: [value],
    after: [gradient.source],
  });
  return graph.operation("AssignSubVariableOp", [handle, amount], { attributes: { dtype: "float32" } });
}

function power(base: number, exponent: Tensor): Tensor {
  return exponent.graph.operation("Pow", [exponent.graph.constant(base), exponent], {
    attributes: { T: "float32" },
    outputs: [{ dtype: "float32", shape: [] }],
  }).outputs[0];
}
