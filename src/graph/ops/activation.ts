import { type Tensor, withGradient } from "../graph.ts";
import { add, exponential, multiply, square, subtract, unary } from "./arithmetic.ts";

/** Computes tanh x. */
export function tanh(x: Tensor): Tensor {
  return unary(
    "Tanh",
    x,
    (y) => (upstream) => [() => multiply(upstream, subtract(x.graph.constant(1), square(y)))],
  );
}

/** Computes max(x, 0). */
export function relu(x: Tensor): Tensor {
  return unary(
    "Relu",
    x,
    (y) => (upstream) => [
      () =>
        x.graph.operation("ReluGrad", [upstream, y], { attributes: { T: x.dtype }, outputs: [x] }).outputs[0],
    ],
  );
}

/** Computes 1 / (1 + e⁻ˣ). */
export function sigmoid(x: Tensor): Tensor {
  return unary(
    "Sigmoid",
    x,
    (y) => (upstream) => [() => multiply(upstream, multiply(y, subtract(x.graph.constant(1), y)))],
  );
}

/** Computes ln(1 + eˣ), safely for large |x|. */
export function softplus(x: Tensor): Tensor {
  return unary("Softplus", x, () => (upstream) => [() => multiply(upstream, sigmoid(x))]);
}

/**
 * Computes GELU as Hendrycks and Gimpel define it, x·Φ(x); checkpoints call it `gelu`.
 *
 * Where nothing is differentiated, TensorFlow fuses a matrix product, its bias and these nodes into one
 * operation, but only if they are written as they are here. The gradient is written by hand, because the one
 * that follows from the parts takes twice as many passes over the widest tensors of a transformer and keeps
 * one more of them in memory. With s = x/√2, x·Φ′(x) is s·exp(−s²)/√π.
 */
export function gelu(x: Tensor): Tensor {
  const scaled = multiply(x, Math.SQRT1_2); // s
  const cumulative = multiply(add(unary("Erf", scaled), 1), 0.5); // Φ(x)
  return withGradient(multiply(x, cumulative), [x], (upstream) => [() => {
    const logBell = subtract(x.graph.constant(-Math.log(Math.PI) / 2), square(scaled)); // ln(exp(−s²)/√π)
    return multiply(upstream, add(cumulative, multiply(scaled, exponential(logBell))));
  }]);
}

/** Computes the tanh approximation of GELU; checkpoints call it `gelu_new`. */
export function geluTanh(x: Tensor): Tensor {
  const cube = multiply(square(x), x);
  const inner = multiply(add(x, multiply(cube, 0.044715)), Math.sqrt(2 / Math.PI));
  return multiply(x, multiply(add(tanh(inner), 1), 0.5));
}
