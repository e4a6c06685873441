import type { Tensor } from "../graph/graph.ts";
import type { Dimension } from "../graph/shape.ts";
import {
  add,
  cast,
  collect,
  matmul,
  multiply,
  product,
  reshape,
  softmax,
  spread,
  transpose,
} from "../graph/ops.ts";
import type { Drop } from "./layers.ts";

/**
 * How the tokens of one layer see each other: query [queries, hidden], key and value [tokens, hidden] give the context [queries,
 * hidden], where the queries are those of all tokens or of the first token of each row.
 */
export type Attend = (layer: number, query: Tensor, key: Tensor, value: Tensor) => Tensor;

/**
 * Where packed tokens belong while they attend. Models compute on packed tokens, [tokens, hidden], with no padding in between;
 * only attention needs rectangles: lanes of equal length, each of which holds the tokens of one row of the batch or of several.
 */
export interface Packing {
  /** Of all tokens, as queries, keys and values. */
  readonly tokens: Seating;
  /** Of the first token of each row, as a query. */
  readonly firsts: Seating;
}

export interface Seating {
  /** The place in the lanes, laid end to end, of each token: [queries]. */
  readonly places: Tensor;
  /** Added to the attention scores, 0 or so low that it excludes: [lanes, 1, places of queries in a lane, length]. */
  readonly bias: Tensor;
}

/** Attention within the rows of a packed batch (Vaswani et al. 2017). */
export function attendWithin(
  { tokens, firsts }: Packing,
  heads: number,
  dropRate: number,
  drop: Drop,
): Attend {
  return (_, query, key, value) => {
    const asking = query.shape[0] === firsts.places.shape[0] ? firsts : tokens;
    const queries = seat(scaleQuery(query, heads), asking, heads);
    const [keys, values] = [key, value].map((x) => seat(x, tokens, heads));
    const context = attention(queries, keys, values, asking.bias, (weights) => drop(weights, dropRate));
    const [lanes, , places] = asking.bias.shape;
    return collect(mergeHeads(context, product(lanes, places)), asking.places); // [queries, hidden]
  };
}

/** Packed tokens [tokens, hidden] in their lanes, by head: [lanes, heads, places in a lane, size]; 0 where none sits. */
function seat(x: Tensor, { places, bias }: Seating, heads: number): Tensor {
  const [lanes, , length] = bias.shape;
  return splitHeads(spread(inPrecision(x), places, product(lanes, length)), lanes, length, heads);
}

/** What is only to be moved and multiplied is moved in the type that it will be multiplied in. */
function inPrecision(x: Tensor): Tensor {
  return cast(x, x.graph.precision);
}

/** Queries [queries, hidden] divided by √size, the size of a head, as `attention` wants them. */
export function scaleQuery(query: Tensor, heads: number): Tensor {
  return multiply(query, 1 / Math.sqrt(query.shape[1] as number / heads));
}

/**
 * softmax(q·kᵀ + bias)·v: query [rows, heads, queries, size], scaled, key and value [rows, heads, keys, size]. The context has
 * the value's type.
 */
export function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  bias: Tensor | undefined,
  drop = (x: Tensor) => x,
): Tensor {
  const scores = matmul(query, key, { transposeB: true }); // [rows, heads, queries, keys]
  const weights = softmax(bias ? add(scores, bias) : scores);
  return matmul(drop(weights), value, { dtype: value.dtype }); // [rows, heads, queries, size]
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
