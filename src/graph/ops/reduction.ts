import type { Dimension, Tensor } from "../graph.ts";
import { add, cast, divide, exponential, logarithm, multiply, subtract } from "./arithmetic.ts";
import { broadcastTo, keepAxis, reshape } from "./layout.ts";
import { oneHot } from "./lookup.ts";
import { reduce, sum } from "./sum.ts";

/** Computes Σ x² over all elements: a scalar. */
export function sumOfSquares(x: Tensor): Tensor {
  const { outputs: [half] } = x.graph.operation("L2Loss", [x], {
    attributes: { T: x.dtype },
    outputs: [{ dtype: x.dtype, shape: [] }],
    gradient: (upstream) => [() => multiply(upstream, x)],
  });
  return multiply(half, 2);
}

/** Averages over some axes, by default all, which disappear. */
export function mean(x: Tensor, axes: readonly number[] = x.shape.map((_, axis) => axis)): Tensor {
  const count = axes.map((axis) => lengthOf(x, x.shape.at(axis)!)).reduce((a, b) => multiply(a, b));
  return reduce("Mean", x, axes, (upstream) => broadcastTo(divide(upstream, count), x.shape));
}

/**
 * Returns the largest value along the last axis, which disappears. Its gradient goes to the first of the
 * largest values, as that of PyTorch's `max(-1)` does.
 */
export function maximumOfLast(x: Tensor): Tensor {
  const classes = x.shape.at(-1);
  if (typeof classes !== "number") throw new Error("the last dimension must be known");
  return reduce("Max", x, [-1], (upstream) => multiply(upstream, oneHot(indexOfMaximum(x), classes)));
}

/** Returns the index of the largest value along the last axis, as int32. */
export function indexOfMaximum(x: Tensor): Tensor {
  return x.graph.operation("ArgMax", [x, x.graph.constant(-1, "int32")], {
    attributes: { T: x.dtype, Tidx: "int32", output_type: "int32" },
    outputs: [{ dtype: "int32", shape: x.shape.slice(0, -1) }],
  }).outputs[0];
}

/** Computes ln Σ eˣ along the last axis, which disappears, safely for large x. */
export function logSumExp(x: Tensor): Tensor {
  const largest = stopGradient(keepAxis(maximumOfLast(x)));
  const total = sum(exponential(subtract(x, largest)), [-1]);
  return add(logarithm(total), reshape(largest, total.shape));
}

/** Returns x, but lets no gradient flow through it. */
export function stopGradient(x: Tensor): Tensor {
  return x.graph.operation("StopGradient", [x], {
    attributes: { T: x.dtype },
    outputs: [x],
    gradient: () => [undefined],
  })
    .outputs[0];
}

/** Returns the size of a dimension as a scalar of x's type. */
function lengthOf(x: Tensor, dimension: Dimension): Tensor {
  return typeof dimension === "number" ? x.graph.constant(dimension) : cast(dimension.size, x.dtype);
}
