import type { Tensor } from "../graph/graph.ts";
import type { Dimension } from "../graph/shape.ts";
import { add, gather, matmul, multiply, reshape, softmax, transpose } from "../graph/ops.ts";
import type { Drop } from "./layers.ts";

/**
 * How the tokens of one layer see each other: query [queries, hidden], key and value [tokens, hidden] give the context [queries,
 * hidden], where the queries are those of all tokens or of the first token of each row.
 */
export type Attend = (layer: number, query: Tensor, key: Tensor, value: Tensor) => Tensor;

/**
 * Where packed tokens belong in a padded batch. Models compute on packed tokens, [tokens, hidden], with no padding in
 * between; only attention needs rows of equal length.
 */
export interface Packing {
  /** Number of rows of the batch and the length of its longest. */
  readonly rows: Dimension;
  readonly length: Dimension;
  /** For each packed token, its place in the padded batch: [tokens]. */
  readonly places: Tensor;
  /** For each place of the padded batch, its token, or any token where there is padding: [rows · length]. */
  readonly tokens: Tensor;
  /** Added to the attention scores, 0 or −∞: broadcasts to [rows, heads, length, length]. */
  readonly bias: Tensor;
}

/** Attention within the rows of a packed batch (Vaswani et al. 2017). */
export function attendWithin(packing: Packing, heads: number, dropRate: number, drop: Drop): Attend {
  const { rows, length } = packing;
  const pad = (x: Tensor) => splitHeads(gather(x, packing.tokens), rows, length, heads);
  return (_, query, key, value) => {
    const onePerRow = query.shape[0] === rows;
    const queries = onePerRow ? splitHeads(query, rows, 1, heads) : pad(query);
    const dropWeights = (weights: Tensor) => drop(weights, dropRate);
    const context = attention(queries, pad(key), pad(value), packing.bias, dropWeights);
    if (onePerRow) return mergeHeads(context, rows);
    return gather(mergeHeads(context, packing.tokens.shape[0]), packing.places); // [tokens, hidden]
  };
}

/** softmax(q·kᵀ/√size + bias)·v: query [rows, heads, queries, size], key and value [rows, heads, keys, size]. */
export function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  bias: Tensor | undefined,
  drop = (x: Tensor) => x,
): Tensor {
  const size = query.shape.at(-1) as number;
  const scores = matmul(multiply(query, 1 / Math.sqrt(size)), key, { transposeB: true }); // [rows, heads, queries, keys]
  const weights = softmax(bias ? add(scores, bias) : scores);
  return matmul(drop(weights), value); // [rows, heads, queries, size]
}

/** [rows · length, hidden] as [rows, heads, length, hidden / heads] */
export function splitHeads(x: Tensor, rows: Dimension, length: Dimension, heads: number): Tensor {
  const size = x.shape[1] as number / heads;
  return transpose(reshape(x, [rows, length, heads, size]), [0, 2, 1, 3]);
}

/** [rows, heads, length, size] as [rows · length, heads · size]; `places` is rows · length. */
export function mergeHeads(x: Tensor, places: Dimension): Tensor {
  const [, heads, , size] = x.shape as readonly number[];
  return reshape(transpose(x, [0, 2, 1, 3]), [places, heads * size]);
}
