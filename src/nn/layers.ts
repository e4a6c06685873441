import type { DataType } from "../graph/data_type.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import { add, addBias, cast, dropout, gather, gelu, geluTanh, layerNorm, matmul } from "../graph/ops.ts";
import type { TransformerConfig } from "./config.ts";

/** Drops a share of a tensor's elements in training, and otherwise leaves the tensor as it is. */
export type Drop = (x: Tensor, rate: number) => Tensor;

/** Drops nothing, for evaluation and sampling. */
export const keep: Drop = (x) => x;

/** Makes a dropout whose masks are a function of the seed, an int32 scalar that each step is fed anew. */
export function dropoutFrom(seed: Tensor): Drop {
  let draw = 0;
  return (x, rate) => rate === 0 ? x : dropout(x, rate, seed, draw++);
}

/**
 * Returns the type of the values that pass from one layer to the next. In training it is float32; otherwise
 * it is that of the products, which lets TensorFlow fuse a product with its bias and GELU.
 */
export function layerType({ precision }: Graph, drop: Drop): DataType {
  return drop === keep ? precision : "float32";
}

/**
 * Builds a linear layer with weight [outputs, inputs] and bias [outputs]: x [rows, inputs] gives [rows,
 * outputs] of the given type.
 */
export function linear(
  graph: Graph,
  x: Tensor,
  name: string,
  outputs: number,
  dtype: DataType = "float32",
): Tensor {
  const inputs = x.shape[1];
  if (typeof inputs !== "number") throw new Error(`${name}: the size of the input must be known`);
  return applyLinear(x, linearWeights(graph, name, inputs, outputs), dtype);
}

/** The variables that a linear layer consists of. */
export interface LinearWeights {
  readonly weight: Tensor; // [outputs, inputs]
  readonly bias: Tensor; // [outputs]
}

/** Returns the variables of a linear layer, adding them where they are not there yet. */
export function linearWeights(graph: Graph, name: string, inputs: number, outputs: number): LinearWeights {
  const weight = graph.variable(`${name}.weight`, [outputs, inputs]).value;
  const bias = graph.variable(`${name}.bias`, [outputs]).value;
  return { weight, bias };
}

/** Applies a linear layer: x [rows, inputs] gives [rows, outputs] of the given type. */
export function applyLinear(x: Tensor, { weight, bias }: LinearWeights, dtype: DataType): Tensor {
  return addBias(matmul(x, weight, { transposeB: true, dtype }), bias);
}

/**
 * Builds the wide half of a feed-forward network, a linear layer and the activation that the checkpoint was
 * trained with: x [rows, hidden] gives [rows, feedForward].
 */
export function widen(graph: Graph, config: TransformerConfig, x: Tensor, name: string, drop: Drop): Tensor {
  const { activation, feedForwardSize } = config;
  return activation === "gelu"
    ? gelu(linear(graph, x, name, feedForwardSize, layerType(graph, drop)))
    : geluTanh(linear(graph, x, name, feedForwardSize));
}

/**
 * Adds what a layer computed, after dropout, to the layer's input x. Both are [rows, size], and the sum is
 * float32.
 */
export function residual(x: Tensor, added: Tensor, rate: number, drop: Drop): Tensor {
  return add(x, drop(cast(added, "float32"), rate));
}

/** Builds a layer normalisation with its scale and shift: x [rows, size] gives [rows, size]. */
export function normalize(graph: Graph, x: Tensor, name: string, epsilon: number): Tensor {
  const size = x.shape.at(-1) as number;
  const [scale, shift] = ["weight", "bias"].map((part) => graph.variable(`${name}.${part}`, [size]).value);
  return layerNorm(x, scale, shift, epsilon);
}

/** Looks up rows of an embedding table: indices [rows] give [rows, size]. */
export function embed(graph: Graph, indices: Tensor, name: string, count: number, size: number): Tensor {
  return gather(graph.variable(`${name}.weight`, [count, size]).value, indices);
}
