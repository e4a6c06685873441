import type { Tensor } from "../graph.ts";
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

/** The error function. */
export function erf(x: Tensor): Tensor {
  const slope = 2 / Math.sqrt(Math.PI);
  return unary("Erf", x, () => (upstream) => [
    () => multiply(upstream, multiply(exponential(multiply(square(x), -1)), slope)),
  ]);
}

/** GELU as Hendrycks and Gimpel define it, x·Φ(x): `gelu` in checkpoints. */
export function gelu(x: Tensor): Tensor {
  return multiply(x, multiply(add(erf(multiply(x, Math.SQRT1_2)), 1), 0.5));
}

/** GELU by its tanh approximation: `gelu_new` in checkpoints. */
export function geluTanh(x: Tensor): Tensor {
  const cube = multiply(square(x), x);
  const inner = multiply(add(x, multiply(cube, 0.044715)), Math.sqrt(2 / Math.PI));
  return multiply(x, multiply(add(tanh(inner), 1), 0.5));
}
