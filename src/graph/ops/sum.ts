import type { Shape, Tensor } from "../graph.ts";
import { positiveAxes } from "../shape.ts";
import { broadcastTo, reshape } from "./layout.ts";

/** The sum over some axes (all, unless given), which disappear. */
export function sum(x: Tensor, axes: readonly number[] = x.shape.map((_, axis) => axis)): Tensor {
  return reduce("Sum", x, axes, (upstream) => broadcastTo(upstream, x.shape));
}

/** The sum of the rows, [rows, n] to [n], by an operation that takes half of the time of Sum. Has no gradient. */
export function sumOfRows(x: Tensor): Tensor {
  return x.graph.operation("BiasAddGrad", [x], {
    attributes: { T: x.dtype },
    outputs: [{ dtype: x.dtype, shape: [x.shape[1]] }],
  }).outputs[0];
}

/**
 * Adds a reduction of TensorFlow's over some axes, which disappear. `gradient` is given the upstream gradient with these axes
 * back, each of size 1, and gives the gradient by x.
 */
export function reduce(
  type: string,
  x: Tensor,
  axes: readonly number[],
  gradient: (upstream: Tensor) => Tensor,
): Tensor {
  const reduced = new Set(positiveAxes(axes, x.shape.length));
  const kept: Shape = x.shape.map((dimension, axis) => reduced.has(axis) ? 1 : dimension);
  const order = [...reduced].sort((a, b) => a - b);
  return x.graph.operation(type, [x, x.graph.constant(order, "int32", [order.length])], {
    attributes: { T: x.dtype, Tidx: "int32", keep_dims: false },
    outputs: [{ dtype: x.dtype, shape: x.shape.filter((_, axis) => !reduced.has(axis)) }],
    gradient: (upstream) => [() => gradient(reshape(upstream, kept))],
  }).outputs[0];
}
