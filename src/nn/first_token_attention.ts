import type { Dimension, Tensor } from "../graph/graph.ts";
import {
  add,
  cast,
  collect,
  keepAxis,
  matmul,
  multiply,
  product,
  reshape,
  softmax,
  sum,
  transpose,
} from "../graph/ops.ts";
import { type Attend, type Packing, scaleQuery, seat } from "./attention.ts";
import type { Drop, LinearWeights } from "./layers.ts";

/**
 * Makes attention of each row's first token alone to the tokens of its row: query [rows, hidden] gives [rows,
 * hidden].
 *
 * A single query doesn't repay a key and a value for every token that it sees, so none are made. Instead the
 * products are reordered: q·(W x) = (Wᵀ q)·x, and Σ aᵢ (W xᵢ + b) = W (Σ aᵢ xᵢ) + (Σ aᵢ) b.
 * The key's bias is left out, because it adds the same to all scores of a query and so cancels in softmax.
 */
export function attendFromFirsts(
  { tokens, firsts }: Packing,
  heads: number,
  dropRate: number,
  drop: Drop,
): Attend {
  const [lanes, most, , length] = firsts.bias.shape; // a lane has at most `most` rows
  const queries = product(most, heads); // of one lane
  return (_, query, states, key, value) => {
    const [rows, hidden] = query.shape as readonly [Dimension, number];
    const size = hidden / heads;
    const dtype = query.graph.precision;
    const byHead = ({ weight }: LinearWeights) => reshape(cast(weight, dtype), [heads, size, hidden]);

    const seen = reshape(seat(states, tokens.places, product(lanes, length)), [lanes, length, hidden]);
    const asking = swap(reshape(scaleQuery(query, heads), [rows, heads, size])); // [heads, rows, size]
    const asked = seat(swap(matmul(asking, byHead(key), { dtype })), firsts.places, product(lanes, most));
    const scores = matmul(reshape(asked, [lanes, queries, hidden]), seen, { transposeB: true });
    const weights = drop(softmax(add(reshape(scores, [lanes, most, heads, length]), firsts.bias)), dropRate);

    // `sums` are Σ aᵢ xᵢ [lanes, queries, hidden], and `totals` are Σ aᵢ [rows, heads].
    const sums = matmul(reshape(weights, [lanes, queries, length]), seen, { dtype });
    const found = collect(reshape(sums, [product(lanes, most), heads, hidden]), firsts.places);
    const values = swap(matmul(swap(found), byHead(value), { transposeB: true })); // [rows, heads, size]
    const totals = collect(reshape(sum(weights, [-1]), [product(lanes, most), heads]), firsts.places);
    const biases = multiply(keepAxis(totals), reshape(value.bias, [heads, size]));
    return reshape(add(values, biases), [rows, hidden]);
  };
}

/** Turns [rows, heads, …] into [heads, rows, …], or back. */
function swap(x: Tensor): Tensor {
  return transpose(x, [1, 0, 2]);
}
