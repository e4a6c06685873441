import { type Tensor, withGradient } from "../graph.ts";
import { add, multiply, reciprocalSquareRoot, square, subtract, unary } from "./arithmetic.ts";
import { keepAxis } from "./layout.ts";
import { mean } from "./reduction.ts";
import { sum } from "./sum.ts";

/** Computes eˣ / Σ eˣ along the last axis. */
export function softmax(x: Tensor): Tensor {
  return unary("Softmax", x, (y) => (upstream) => [() => {
    const weighted = multiply(upstream, y);
    return subtract(weighted, multiply(y, keepAxis(sum(weighted, [-1]))));
  }]);
}

/**
 * Normalises over the last axis to mean 0 and variance 1 (layer normalisation), then scales and shifts: x […,
 * n], scale and shift [n] give […, n]. The gradient is written by hand, because the one that follows from the
 * parts takes twice as many passes over memory.
 */
export function layerNorm(x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor {
  const centred = subtract(x, keepAxis(mean(x, [-1])));
  const inverse = reciprocalSquareRoot(add(keepAxis(mean(square(centred), [-1])), epsilon));
  const normal = multiply(centred, inverse);
  const rows = x.shape.slice(0, -1).map((_, axis) => axis);
  return withGradient(add(multiply(normal, scale), shift), [x, scale, shift], (upstream) => [
    () => {
      const scaled = multiply(upstream, scale);
      const alongMean = keepAxis(mean(scaled, [-1]));
      const alongNormal = multiply(normal, keepAxis(mean(multiply(scaled, normal), [-1])));
      return multiply(subtract(subtract(scaled, alongMean), alongNormal), inverse);
    },
    () => sum(multiply(upstream, normal), rows),
    () => sum(upstream, rows),
  ]);
}
