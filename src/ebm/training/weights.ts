import type { Variable } from "../../graph/graph.ts";
import type { Weight } from "../../nn/checkpoint.ts";
import type { Feed, Fetched } from "../../runtime/session.ts";

/** Makes the feeds of an `assign` signature. */
export function weightFeeds(weights: ReadonlyMap<string, Weight>): Record<string, Feed> {
  return Object.fromEntries(
    Array.from(weights, ([name, { shape, data }]) => [name, { values: data, shape }]),
  );
}

/** Collects the weights that a `read` signature fetched. */
export function fetchedWeights(fetched: Fetched, variables: Iterable<Variable>): Map<string, Weight> {
  return new Map(Array.from(variables, ({ name, shape }) => [name, { shape, data: fetched.floats(name) }]));
}

/**
 * Gives the memory of weights back at once, and leaves them empty, because the garbage collector would keep
 * hundreds of megabytes for minutes that training needs. Weights that share a buffer, such as those read from
 * one file, lose it together. A session that they were assigned in must have copied them (see `assignments`).
 */
export function free(weights: Iterable<Weight>): void {
  for (const buffer of new Set(Array.from(weights, ({ data }) => data.buffer as ArrayBuffer))) {
    buffer.transfer(0);
  }
}
