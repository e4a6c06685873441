/** The relative position bias of MPNet (Song et al. 2020), which is T5's in both directions. */

import type { Dimension, Graph, Tensor } from "../graph/graph.ts";
import { add, gather, maximum, negate, product, range, reshape, subtract, transpose } from "../graph/ops.ts";
import type { TransformerConfig } from "./config.ts";

/** Places as far apart as this, and farther ones, share a bucket. */
const farthest = 128;

/**
 * Returns the bucket of a key that is `distance` places after the query, or before it where that is negative.
 * Half of the buckets are for keys that come after. Of each half, half are for single distances and the
 * others for ranges that grow like powers. Computed in float32, as the library does it.
 */
export function relativeBucket(distance: number, buckets: number): number {
  const half = buckets / 2;
  const exact = half / 2;
  const size = Math.abs(distance);
  const growth = Math.fround(Math.fround(Math.log(size / exact)) / Math.fround(Math.log(farthest / exact)));
  const ranged = Math.min(half - 1, exact + Math.trunc(growth * (half - exact)));
  return (distance > 0 ? half : 0) + (size < exact ? size : ranged);
}

/**
 * Builds the bias that is added to the attention scores of every layer: [1, heads, queries, keys]. The queries
 * are at these places [queries] (int32), and the keys at 0, 1, 2 and so on.
 */
export function relativeBias(
  graph: Graph,
  { heads, relativeBuckets }: Pick<TransformerConfig, "heads" | "relativeBuckets">,
  queryPlaces: Tensor,
  keys: Dimension,
): Tensor {
  const [queries] = queryPlaces.shape;
  const before = subtract(reshape(queryPlaces, [queries, 1]), range(graph, keys)); // [queries, keys]
  const distances = maximum(negate(maximum(before, -farthest)), -farthest);
  const byDistance = Array.from(
    { length: 2 * farthest + 1 },
    (_, index) => relativeBucket(index - farthest, relativeBuckets),
  );
  const indices = reshape(add(distances, farthest), [product(queries, keys)]);
  const buckets = gather(graph.constant(byDistance, "int32"), indices); // [queries · keys]
  const table = graph.variable("encoder.relative_attention_bias.weight", [relativeBuckets, heads]).value;
  return transpose(reshape(gather(table, buckets), [1, queries, keys, heads]), [0, 3, 1, 2]);
}
