import { type Tensor, withGradient } from "../graph.ts";
import { add, exponential, multiply, square, subtract, unary } from "./arithmetic.ts";

/** tanh x */
export function tanh(x: Tensor): Tensor {
  return unary(
    "Tanh",
    x,
    (y) => (upstream) => [() => multiply(upstream, subtract(x.graph.constant(1), square(y)))],
  );
}

/** 1 / (1 + e⁻ˣ) */
export function sigmoid(x: Tensor): Tensor {
  return unary(
    "Sigmoid",
    x,
    (y) => (upstream) => [() => multiply(upstream, multiply(y, subtract(x.graph.constant(1), y)))],
  );
}

/** ln(1 + eˣ), safe for large |x| */
export function softplus(x: Tensor): Tensor {
  return unary("Softplus", x, () => (upstream) => [() => multiply(upstream, sigmoid(x))]);
}

/**
 * GELU as Hendrycks and Gimpel define it, x·Φ(x): `gelu` in checkpoints. The gradient is written by hand, since the one that
 * follows from the parts takes twice as many passes over the widest tensors of a transformer.
 */
export function gelu(x: Tensor): Tensor {
  const scaled = multiply(x, Math.SQRT1_2); // x/√2
  const cumulative = add(multiply(unary("Erf", scaled), 0.5), 0.5); // Φ(x)
  return withGradient(multiply(x, cumulative), [x], (upstream) => [() => {
    const logDensity = subtract(x.graph.constant(-Math.log(2 * Math.PI) / 2), square(scaled)); // ln Φ′(x)
    return multiply(upstream, add(cumulative, multiply(x, exponential(logDensity))));
  }]);
}

/** GELU by its tanh approximation: `gelu_new` in checkpoints. */
export function geluTanh(x: Tensor): Tensor {
  const cube = multiply(square(x), x);
  const inner = multiply(add(x, multiply(cube, 0.044715)), Math.sqrt(2 / Math.PI));
  return multiply(x, multiply(add(tanh(inner), 1), 0.5));
}
