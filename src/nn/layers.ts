import type { DataType } from "../graph/data_type.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import { add, addBias, cast, dropout, gather, gelu, geluTanh, layerNorm, matmul } from "../graph/ops.ts";
import type { TransformerConfig } from "./config.ts";

/** Drops a share of a tensor's elements while training; leaves it as it is otherwise. */
export type Drop = (x: Tensor, rate: number) => Tensor;

/** No dropout: for evaluation and sampling. */
export const keep: Drop = (x) => x;

/** Dropout whose masks are a function of the seed, an int32 scalar that each step feeds anew. */
export function dropoutFrom(seed: Tensor): Drop {
  let draw = 0;
  return (x, rate) => rate === 0 ? x : dropout(x, rate, seed, draw++);
}

/**
 * The type of what goes from one layer into the next: float32 in training; else that of the products, which TensorFlow then adds
 * the bias in, and applies GELU.
 */
export function layerType({ precision }: Graph, drop: Drop): DataType {
  return drop === keep ? precision : "float32";
}

/** A linear layer with its weight [outputs, inputs] and bias: x [rows, inputs] gives [rows, outputs], of the given type. */
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

/** What a linear layer consists of. */
export interface LinearWeights {
  readonly weight: Tensor; // [outputs, inputs]
  readonly bias: Tensor; // [outputs]
}

export function linearWeights(graph: Graph, name: string, inputs: number, outputs: number): LinearWeights {
  const weight = graph.variable(`${name}.weight`, [outputs, inputs]).value;
  const bias = graph.variable(`${name}.bias`, [outputs]).value;
  return { weight, bias };
}

/** x [rows, inputs] gives [rows, outputs], of the given type. */
export function applyLinear(x: Tensor, { weight, bias }: LinearWeights, dtype: DataType): Tensor {
  return addBias(matmul(x, weight, { transposeB: true, dtype }), bias);
}

/** The wide half of a feed-forward network: a linear layer and the activation that the checkpoint was trained with. */
export function widen(graph: Graph, config: TransformerConfig, x: Tensor, name: string, drop: Drop): Tensor {
  const { activation, feedForwardSize } = config;
  return activation === "gelu"
    ? gelu(linear(graph, x, name, feedForwardSize, layerType(graph, drop)))
    : geluTanh(linear(graph, x, name, feedForwardSize));
}

/** What a layer adds to its input x, with dropout: both [rows, size]; the sum is float32. */
export function residual(x: Tensor, added: Tensor, rate: number, drop: Drop): Tensor {
  return add(x, drop(cast(added, "float32"), rate));
}

/** Layer normalisation with its scale and shift: [rows, size] gives the same. */
export function normalize(graph: Graph, x: Tensor, name: string, epsilon: number): Tensor {
  const size = x.shape.at(-1) as number;
  const [scale, shift] = ["weight", "bias"].map((part) => graph.variable(`${name}.${part}`, [size]).value);
  return layerNorm(x, scale, shift, epsilon);
}

/** Rows of an embedding table: indices [rows] give [rows, size]. */
export function embed(graph: Graph, indices: Tensor, name: string, count: number, size: number): Tensor {
  return gather(graph.variable(`${name}.weight`, [count, size]).value, indices);
}
