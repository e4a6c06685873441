import type { Tensor } from "../../graph/graph.ts";
import { add, divide, indexOfMaximum, logarithm, negate, pick, topK, uniform } from "../../graph/ops.ts";

/** How tokens are drawn by their logits. */
export interface DrawOptions {
  /** The number k of likeliest tokens among which one is drawn; 1 takes the likeliest. */
  readonly topK: number;
  readonly temperature: number;
  /** The tokens that are never drawn. */
  readonly never: readonly number[];
}

const excluded = -1e9;

/**
 * Draws one of the k likeliest tokens by their probabilities, with the Gumbel-max trick: logits [rows,
 * vocabulary] give [rows]. The numbers drawn are a function of the seed alone.
 */
export function drawToken(
  logits: Tensor,
  { topK: k, temperature, never }: DrawOptions,
  seed: Tensor,
): Tensor {
  const { graph, shape: [, vocabularySize] } = logits;
  const allowed = new Array<number>(vocabularySize as number).fill(0);
  for (const token of never) allowed[token] = excluded;
  const { values, indices } = topK(add(logits, graph.constant(allowed)), Math.min(k, allowed.length)); // [rows, k]
  const noise = negate(logarithm(negate(logarithm(uniform(seed, 0, values.shape)))));
  return pick(indices, indexOfMaximum(add(divide(values, temperature), noise)));
}
