import { type Gradient, type Tensor, withGradient } from "../graph.ts";
import { describeShape, type Dimension } from "../shape.ts";
import { join, reshape, shapeVector } from "./layout.ts";

/**
 * Rows of a table by index: table [rows, …], indices [n] (int32) give [n, …]. The gradient adds up what each row received;
 * a row may be looked up often or never.
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

/** Rows of x at places of their own in a table that is 0 elsewhere: x [n, …] and places [n], no two alike, give [count, …]. */
export function spread(x: Tensor, places: Tensor, count: Dimension): Tensor {
  const { graph, dtype } = x;
  const shape = [count, ...x.shape.slice(1)];
  const inputs = [reshape(places, [places.shape[0], 1]), x, shapeVector(graph, shape)];
  return graph.operation("ScatterNd", inputs, {
    attributes: { T: dtype, Tindices: "int32" },
    outputs: [{ dtype, shape }],
    gradient: (upstream) => [undefined, () => collect(upstream, places)],
  }).outputs[0];
}

/** What `spread` has spread: rows of a table [count, …] at places [n], no two alike, as [n, …]. */
export function collect(table: Tensor, places: Tensor): Tensor {
  const spreadBack: Gradient = (upstream) => [() => spread(upstream, places, table.shape[0])];
  return withGradient(gather(table, places), [table], spreadBack);
}

/** The sum of the rows that share an index: x [n, …] and indices [n] give [count, …]. */
function segmentSum(x: Tensor, indices: Tensor, count: Dimension): Tensor {
  const size = typeof count === "number" ? x.graph.constant(count, "int32") : count.size;
  return x.graph.operation("UnsortedSegmentSum", [x, indices, size], {
    attributes: { T: x.dtype, Tindices: "int32", Tnumsegments: "int32" },
    outputs: [{ dtype: x.dtype, shape: [count, ...x.shape.slice(1)] }],
  }).outputs[0];
}

/**
 * Terms of a sum with one segment sum in place of all that are among them: the parts of a batch all look up words, and one
 * gradient of the size of the vocabulary is enough for them together.
 */
export function sumSegmentSums(terms: readonly Tensor[]): readonly Tensor[] {
  const sums = terms.filter(({ source }) => source.type === "UnsortedSegmentSum");
  if (sums.length < 2) return terms;
  const [rows, indices] = [0, 1].map((input) => join(sums.map(({ source }) => source.inputs[input])));
  return [...terms.filter((term) => !sums.includes(term)), segmentSum(rows, indices, sums[0].shape[0])];
}

/** int32 indices […] as float32 rows […, depth] that are 1 at the index and 0 elsewhere. */
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

/** The k largest values of each row, largest first, with their indices: x [rows, n] gives two [rows, k]. No gradient. */
export function topK(x: Tensor, k: number): { readonly values: Tensor; readonly indices: Tensor } {
  const shape = [...x.shape.slice(0, -1), k];
  const [values, indices] = x.graph.operation("TopKV2", [x, x.graph.constant(k, "int32")], {
    attributes: { T: x.dtype, sorted: true, Tk: "int32", index_type: "int32" },
    outputs: [{ dtype: x.dtype, shape }, { dtype: "int32", shape }],
  }).outputs;
  return { values, indices };
}

/** One element of each row: x [rows, n] and indices [rows] give [rows]. No gradient. */
export function pick(x: Tensor, indices: Tensor): Tensor {
  return x.graph.operation("GatherV2", [x, indices, x.graph.constant(1, "int32")], {
    attributes: { Tparams: x.dtype, Tindices: "int32", Taxis: "int32", batch_dims: 1 },
    outputs: [{ dtype: x.dtype, shape: [x.shape[0]] }],
  }).outputs[0];
}
