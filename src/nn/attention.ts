import type { Dimension, Tensor } from "../graph/graph.ts";
import {
  add,
  cast,
  collect,
  matmul,
  multiply,
  product,
  range,
  reshape,
  softmax,
  spread,
  transpose,
} from "../graph/ops.ts";
import type { TransformerConfig } from "./config.ts";
import { applyLinear, type Drop, layerType, type LinearWeights } from "./layers.ts";
import { relativeBias } from "./relative_positions.ts";

/**
 * Lets some tokens of a layer attend to all tokens. From the query of the former [queries, hidden], the
 * states of the latter [tokens, hidden] and the linear layers that make keys and values, it computes the
 * context [queries, hidden].
 */
export type Attend = (
  layer: number,
  query: Tensor,
  states: Tensor,
  key: LinearWeights,
  value: LinearWeights,
) => Tensor;

/** Names the tokens whose states are wanted from the last layer, which then computes no others. */
export interface Wanted {
  readonly tokens: Tensor; // [wanted]
  /** The attention of these tokens to all tokens in the last layer. */
  readonly attend: Attend;
}

/**
 * Says where packed tokens sit while they attend. Models compute on packed tokens, [tokens, hidden], without
 * padding in between. Only attention needs rectangles: lanes of equal length, each of which holds the tokens
 * of one or several rows of the batch.
 */
export interface Packing {
  /** The seats of all tokens, as queries, keys and values. */
  readonly tokens: Seating;
  /** The seats of each row's first token, as a query. */
  readonly firsts: Seating;
}

/** Seats some tokens of a batch in the lanes. */
export interface Seating {
  /** The place of each token when the lanes are laid end to end: [tokens], or [rows] for first tokens. */
  readonly places: Tensor;
  /**
   * The numbers that are added to the attention scores: 0 where a query may see a key, and elsewhere one so
   * low that softmax gives 0. For all tokens they are [lanes, 1, length, length], for first tokens [lanes,
   * queries in a lane, 1, length].
   */
  readonly bias: Tensor;
}

/**
 * Makes attention within the rows of a packed batch (Vaswani et al. 2017). Its queries are the tokens at
 * `queryPlaces`, by default all.
 */
export function attendWithin(
  { tokens }: Packing,
  config: Pick<TransformerConfig, "heads" | "attentionDropout" | "relativeBuckets">,
  drop: Drop,
  queryPlaces = tokens.places,
): Attend {
  const { heads, attentionDropout } = config;
  const { graph, shape: [lanes, , , length] } = tokens.bias;
  const places = product(lanes, length);
  const bias = config.relativeBuckets > 0 ? withRelativeBias(tokens.bias, config) : tokens.bias;
  const byHead = (x: Tensor, at: Tensor) => splitHeads(seat(x, at, places), lanes, length, heads);
  return (_, query, states, ...keyAndValue) => {
    const queries = byHead(scaleQuery(query, heads), queryPlaces);
    const [keys, values] = keyAndValue.map((weights) =>
      byHead(applyLinear(states, weights, layerType(graph, drop)), tokens.places)
    );
    const context = attention(queries, keys, values, bias, (weights) => drop(weights, attentionDropout));
    return collect(mergeHeads(context, places), queryPlaces); // [queries, hidden]
  };
}

/**
 * Adds the relative position bias to that of the seats: [lanes, heads, length, length]. The tokens of a row sit
 * side by side, so they are as far apart as their places are.
 */
function withRelativeBias(
  bias: Tensor,
  config: Pick<TransformerConfig, "heads" | "relativeBuckets">,
): Tensor {
  const { graph, reference, shape: [, , , length] } = bias;
  return graph.once(
    `relative ${reference}`,
    () => add(bias, relativeBias(graph, config, range(graph, length), length)),
  );
}

/**
 * Puts the rows of x at their places in the lanes: [count, …]. Places where no token sits hold meaningless
 * values.
 */
export function seat(x: Tensor, places: Tensor, count: Dimension): Tensor {
  // The seated rows go into a product next, so they are moved in its precision already.
  return spread(cast(x, x.graph.precision), places, count);
}

/**
 * Divides queries [queries, hidden] by √size, where size is that of a head, as `attention` expects them. The
 * result is float32.
 */
export function scaleQuery(query: Tensor, heads: number): Tensor {
  return multiply(cast(query, "float32"), 1 / Math.sqrt(query.shape[1] as number / heads));
}

/**
 * Computes softmax(q·kᵀ + bias)·v from the scaled query [rows, heads, queries, size] and key and value [rows,
 * heads, keys, size]. The context [rows, heads, queries, size] has the type of the value.
 */
export function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  bias: Tensor | undefined,
  drop = (x: Tensor) => x,
): Tensor {
  const scores = matmul(query, key, { transposeB: true }); // [rows, heads, queries, keys]
  const weights = softmax(bias ? add(scores, bias) : scores); // [rows, heads, queries, keys]
  return matmul(drop(weights), value, { dtype: value.dtype }); // [rows, heads, queries, size]
}

/** Splits states [rows · length, hidden] into heads: [rows, heads, length, hidden / heads]. */
export function splitHeads(x: Tensor, rows: Dimension, length: Dimension, heads: number): Tensor {
  const size = x.shape[1] as number / heads;
  return transpose(reshape(x, [rows, length, heads, size]), [0, 2, 1, 3]); // [rows, heads, length, size]
}

/**
 * Joins heads [rows, heads, length, size] into states [rows · length, heads · size]; `places` is rows ·
 * length.
 */
export function mergeHeads(x: Tensor, places: Dimension): Tensor {
  const [, heads, , size] = x.shape as readonly number[];
  return reshape(transpose(x, [0, 2, 1, 3]), [places, heads * size]);
}
