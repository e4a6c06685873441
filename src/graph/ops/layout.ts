import {
  type Dimension,
  type DynamicDimension,
  type Graph,
  type Operation,
  type Shape,
  type Tensor,
  withGradient,
} from "../graph.ts";
import { describeShape, positiveAxes, unknownSize } from "../shape.ts";

/** Gives the same numbers in the same order another shape, after the operations `after` have run. */
export function reshape(x: Tensor, shape: Shape, after: readonly Operation[] = []): Tensor {
  return x.graph.operation("Reshape", [x, shapeVector(x.graph, shape)], {
    attributes: { T: x.dtype, Tshape: "int32" },
    outputs: [{ dtype: x.dtype, shape }],
    after,
    gradient: (upstream) => [() => reshape(upstream, x.shape)],
  }).outputs[0];
}

/** Adds a last axis of size 1: […] gives […, 1]. */
export function keepAxis(x: Tensor): Tensor {
  return reshape(x, [...x.shape, 1]);
}

/** Reorders the axes: axis i of the result is axis `order[i]` of x. */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return x.graph.operation("Transpose", [x, x.graph.constant(order, "int32")], {
    attributes: { T: x.dtype, Tperm: "int32" },
    outputs: [{ dtype: x.dtype, shape: order.map((axis) => x.shape[axis]) }],
    gradient: (upstream) => [() => transpose(upstream, inverse)],
  }).outputs[0];
}

/** Repeats x along dimensions of 1 until it has the given shape. Gradients use it, and it has none itself. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return x.graph.operation("BroadcastTo", [x, shapeVector(x.graph, shape)], {
    attributes: { T: x.dtype, Tidx: "int32" },
    outputs: [{ dtype: x.dtype, shape }],
  }).outputs[0];
}

/**
 * Puts zeros around x: `padding` [axes, 2] (int32) says how many before and after it on each axis. It has no
 * gradient.
 */
export function pad(x: Tensor, padding: Tensor): Tensor {
  return x.graph.operation("Pad", [x, padding], {
    attributes: { T: x.dtype, Tpaddings: "int32" },
    outputs: [{ dtype: x.dtype, shape: x.shape.map(() => unknownSize) }],
  }).outputs[0];
}

/** Joins tensors along their first axis. */
export function join(parts: readonly Tensor[]): Tensor {
  if (parts.length === 1) return parts[0];
  const [{ graph }] = parts;
  const sizes = parts.map(({ shape: [size] }) => size);
  return withGradient(concatenate(parts, 0, total(graph, sizes)), parts, (upstream) => {
    const { outputs } = graph.operation("SplitV", [
      upstream,
      shapeVector(graph, sizes),
      graph.constant(0, "int32"),
    ], {
      attributes: { T: upstream.dtype, Tlen: "int32", num_split: parts.length },
      outputs: parts,
    });
    return outputs.map((part) => () => part);
  });
}

/** Returns the size of several dimensions laid end to end. */
function total(graph: Graph, sizes: Shape): Dimension {
  if (sizes.every((size) => typeof size === "number")) return sizes.reduce((sum, size) => sum + size, 0);
  const size = graph.operation("Sum", [shapeVector(graph, sizes), graph.constant(0, "int32")], {
    attributes: { T: "int32", Tidx: "int32", keep_dims: false },
    outputs: [{ dtype: "int32", shape: [] }],
  }).outputs[0];
  return { label: sizes.map((size) => describeShape([size])).join(" + "), size };
}

/**
 * Joins tensors along an axis; `size` is the sum of their sizes there. It has no gradient, since only
 * inference uses it.
 */
export function concatenate(parts: readonly Tensor[], axis: number, size: Dimension): Tensor {
  const [{ graph, dtype, shape }] = parts;
  const [position] = positiveAxes([axis], shape.length);
  return graph.operation("ConcatV2", [...parts, graph.constant(position, "int32")], {
    attributes: { T: dtype, Tidx: "int32", N: parts.length },
    outputs: [{ dtype, shape: shape.map((dimension, index) => index === position ? size : dimension) }],
  }).outputs[0];
}

/** Returns the size of two dimensions joined into one. */
export function product(a: Dimension, b: Dimension): Dimension {
  if (typeof a === "number" && typeof b === "number") return a * b;
  const { graph } = typeof a === "number" ? (b as DynamicDimension).size : a.size;
  const [left, right] = [a, b].map((dimension) => sizeOf(graph, dimension));
  const size = graph.once(
    `size ${left.reference} ${right.reference}`,
    () =>
      graph.operation("Mul", [left, right], {
        attributes: { T: "int32" },
        outputs: [{ dtype: "int32", shape: [] }],
      }).outputs[0],
  );
  const label = (dimension: Dimension) => typeof dimension === "number" ? dimension : dimension.label;
  return { label: `${label(a)} · ${label(b)}`, size };
}

/** Returns a shape as an int32 vector, in which dynamic dimensions have the size of the run. */
export function shapeVector(graph: Graph, shape: Shape): Tensor {
  const dynamic = shape.filter((dimension) => typeof dimension !== "number");
  if (dynamic.length === 0) return graph.constant(shape as readonly number[], "int32", [shape.length]);
  const sizes = shape.map((dimension) => sizeOf(graph, dimension));
  return graph.once(`shape ${sizes.map((size) => size.reference)}`, () =>
    graph.operation("Pack", sizes, {
      attributes: { T: "int32", N: sizes.length, axis: 0 },
      outputs: [{ dtype: "int32", shape: [sizes.length] }],
    }).outputs[0]);
}

/** Returns a dimension as an int32 scalar. */
export function sizeOf(graph: Graph, dimension: Dimension): Tensor {
  return typeof dimension === "number" ? graph.constant(dimension, "int32") : dimension.size;
}
