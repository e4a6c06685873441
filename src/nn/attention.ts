import type { Dimension, Tensor } from "../graph/graph.ts";
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
import { applyLinear, type Drop, layerType, type LinearWeights } from "./layers.ts";

/**
 * How some tokens of a layer, or all of them, see the tokens: their query [queries, hidden], the states of all [tokens, hidden], and
 * the linear layers that keys and values are made with, give the context [queries, hidden].
 */
export type Attend = (
  layer: number,
  query: Tensor,
  states: Tensor,
  key: LinearWeights,
  value: LinearWeights,
) => Tensor;

/** The tokens whose states alone are wanted, so that the last layer computes no others. */
export interface Wanted {
  readonly tokens: Tensor; // [wanted]
  /** How they see all tokens in the last layer. */
  readonly attend: Attend;
}

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
  /** The place of each in the lanes, laid end to end: [tokens] or [rows]. */
  readonly places: Tensor;
  /**
   * Added to the attention scores, 0 or so low that it excludes: [lanes, 1, length, length] of all tokens, [lanes, places of
   * queries in a lane, 1, length] of the first tokens.
   */
  readonly bias: Tensor;
}

/** Attention within the rows of a packed batch (Vaswani et al. 2017), of the tokens at some places or of all. */
export function attendWithin(
  { tokens }: Packing,
  heads: number,
  dropRate: number,
  drop: Drop,
  queryPlaces = tokens.places,
): Attend {
  const [lanes, , , length] = tokens.bias.shape;
  const places = product(lanes, length);
  const byHead = (x: Tensor, at: Tensor) => splitHeads(seat(x, at, places), lanes, length, heads);
  return (_, query, states, ...keyAndValue) => {
    const queries = byHead(scaleQuery(query, heads), queryPlaces);
    const [keys, values] = keyAndValue.map((weights) =>
      byHead(applyLinear(states, weights, layerType(states.graph, drop)), tokens.places)
    );
    const context = attention(queries, keys, values, tokens.bias, (weights) => drop(weights, dropRate));
    return collect(mergeHeads(context, places), queryPlaces); // [queries, hidden]
  };
}

/** Rows of x at their places in the lanes: [count, …], with no sense where none sits. */
export function seat(x: Tensor, places: Tensor, count: Dimension): Tensor {
  return spread(cast(x, x.graph.precision), places, count); // what is only moved and multiplied is moved as it is multiplied
}

/** Queries [queries, hidden] divided by √size, the size of a head, as `attention` wants them; float32. */
export function scaleQuery(query: Tensor, heads: number): Tensor {
  return multiply(cast(query, "float32"), 1 / Math.sqrt(query.shape[1] as number / heads));
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
