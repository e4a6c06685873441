import { type Dimension, type Gradient, type Graph, type Tensor, withGradient } from "../graph.ts";
import { describeShape } from "../shape.ts";
import { negate } from "./arithmetic.ts";
import { concatenate, join, reshape, shapeVector, sizeOf } from "./layout.ts";

/**
 * Looks up rows of a table by their indices: table [rows, …] and indices [n] (int32) give [n, …]. The
 * gradient adds up what each row received, however often it was looked up.
 */
export function gather(table: Tensor, indices: Tensor): Tensor {
  if (indices.shape.length !== 1) {
    throw new Error(`indices must be a vector, not ${describeShape(indices.shape)}`);
  }
  const { graph } = table;
  return graph.operation("GatherV2", [table, indices, graph.constant(0, "int32")], {
    attributes: { Tparams: table.dtype, Tindices: "int32", Taxis: "int32", batch_dims: 0 },
    outputs: [{ dtype: table.dtype, shape: [indices.shape[0], ...table.shape.slice(1)] }],
    gradient: (upstream) => [() => segmentSum(upstream, indices, table.shape[0])],
  }).outputs[0];
}

/**
 * Puts the rows of x in places of their own in a larger table: x [n, …] and places [n], no two alike, give
 * [count, …]. The other places hold copies of the first row of x, because that is many times faster than
 * writing zeros. They must not be used, and the gradient assumes that they are not.
 */
export function spread(x: Tensor, places: Tensor, count: Dimension): Tensor {
  const { graph } = x;
  const rows = graph.once(
    `rows at ${places.reference} of ${describeShape([count])}`,
    () => scatter(range(graph, places.shape[0]), places, count),
  );
  return withGradient(gather(x, rows), [x], (upstream) => [() => collect(upstream, places)]);
}

/**
 * Undoes `spread`: takes the rows at places [n], no two alike, out of a table [count, …] and gives [n, …].
 */
export function collect(table: Tensor, places: Tensor): Tensor {
  const spreadBack: Gradient = (upstream) => [() => scatter(upstream, places, table.shape[0])];
  return withGradient(gather(table, places), [table], spreadBack);
}

/** Puts the rows of x in places of their own in a table that is 0 elsewhere. It has no gradient. */
function scatter(x: Tensor, places: Tensor, count: Dimension): Tensor {
  const { graph, dtype } = x;
  const shape = [count, ...x.shape.slice(1)];
  const inputs = [reshape(places, [places.shape[0], 1]), x, shapeVector(graph, shape)];
  return graph.operation("ScatterNd", inputs, {
    attributes: { T: dtype, Tindices: "int32" },
    outputs: [{ dtype, shape }],
  }).outputs[0];
}

/** Returns 0, 1, 2, … below `count`, as int32. */
export function range(graph: Graph, count: Dimension): Tensor {
  const inputs = [graph.constant(0, "int32"), sizeOf(graph, count), graph.constant(1, "int32")];
  return graph.operation("Range", inputs, {
    attributes: { Tidx: "int32" },
    outputs: [{ dtype: "int32", shape: [count] }],
  }).outputs[0];
}

/** Sums the rows that share an index: x [n, …] and indices [n] give [count, …]. It has no gradient. */
function segmentSum(x: Tensor, indices: Tensor, count: Dimension): Tensor {
  return x.graph.operation("UnsortedSegmentSum", [x, indices, sizeOf(x.graph, count)], {
    attributes: { T: x.dtype, Tindices: "int32", Tnumsegments: "int32" },
    outputs: [{ dtype: x.dtype, shape: [count, ...x.shape.slice(1)] }],
  }).outputs[0];
}

/**
 * Adds gradients that `gather` gave to a total, if there is one. All their rows are added to a single table,
 * since a table is as large as the vocabulary and every part of a batch looks up words.
 */
export function addLookups(total: Tensor | undefined, lookups: readonly Tensor[]): Tensor | undefined {
  if (lookups.length === 0) return total;
  const [rows, indices] = [0, 1].map((input) => join(lookups.map(({ source }) => source.inputs[input])));
  return total
    ? addAt(total, reshape(indices, [indices.shape[0], 1]), rows)
    : segmentSum(rows, indices, lookups[0].shape[0]);
}

/** Tells whether a tensor is a gradient that `gather` gave. */
export function isLookup({ source }: Tensor): boolean {
  return source.type === "UnsortedSegmentSum";
}

/**
 * Adds slices to x at indices [n, axes], which count along its first axes. The sum is written over x itself
 * where nothing else holds x. It has no gradient.
 */
export function addAt(x: Tensor, indices: Tensor, slices: Tensor): Tensor {
  return x.graph.operation("ScatterNdNonAliasingAdd", [x, indices, slices], {
    attributes: { T: x.dtype, Tindices: "int32" },
    outputs: [x],
  }).outputs[0];
}

/** Turns int32 indices […] into float32 rows […, depth] that are 1 at the index and 0 elsewhere. */
export function oneHot(indices: Tensor, depth: number): Tensor {
  const { graph } = indices;
  return graph.operation("OneHot", [
    indices,
    graph.constant(depth, "int32"),
    graph.constant(1),
    graph.constant(0),
  ], {
    attributes: { T: "float32", TI: "int32", axis: -1 },
    outputs: [{ dtype: "float32", shape: [...indices.shape, depth] }],
  }).outputs[0];
}

/**
 * Returns the k largest values of each row, largest first, and their indices: x [rows, n] gives two tensors
 * [rows, k]. It has no gradient.
 */
export function topK(x: Tensor, k: number): { readonly values: Tensor; readonly indices: Tensor } {
  const shape = [...x.shape.slice(0, -1), k];
  const [values, indices] = x.graph.operation("TopKV2", [x, x.graph.constant(k, "int32")], {
    attributes: { T: x.dtype, sorted: true, Tk: "int32", index_type: "int32" },
    outputs: [{ dtype: x.dtype, shape }, { dtype: "int32", shape }],
  }).outputs;
  return { values, indices };
}

/** Picks one element of each row: x [rows, n] and indices [rows] give [rows]. It has no gradient. */
export function pick(x: Tensor, indices: Tensor): Tensor {
  return x.graph.operation("GatherV2", [x, indices, x.graph.constant(1, "int32")], {
    attributes: { Tparams: x.dtype, Tindices: "int32", Taxis: "int32", batch_dims: 1 },
    outputs: [{ dtype: x.dtype, shape: [x.shape[0]] }],
  }).outputs[0];
}

/**
 * Replaces one element of each row: x [rows, n] gets values [rows] at indices [rows]. The old element, which
 * must be finite, is subtracted first, because TensorFlow can add to x where it lies but copies x to replace
 * something. It has no gradient.
 */
export function replaceAt(x: Tensor, indices: Tensor, values: Tensor): Tensor {
  const [rows] = x.shape;
  const columns = [range(x.graph, rows), indices].map((column) => reshape(column, [rows, 1]));
  const places = concatenate(columns, 1, 2);
  return addAt(addAt(x, places, negate(pick(x, indices))), places, values);
}
