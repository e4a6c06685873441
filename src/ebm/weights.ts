import type { Variable } from "../graph/graph.ts";
import type { Weight } from "../nn/checkpoint.ts";
import type { Feed, Fetched } from "../runtime/session.ts";

/** Weights as the feeds of an `assign` signature. */
export function weightFeeds(weights: ReadonlyMap<string, Weight>): Record<string, Feed> {
  return Object.fromEntries(
    Array.from(weights, ([name, { shape, data }]) => [name, { values: data, shape }]),
  );
}

/** Weights from what a `read` signature fetched. */
export function fetchedWeights(fetched: Fetched, variables: Iterable<Variable>): Map<string, Weight> {
  return new Map(Array.from(variables, ({ name, shape }) => [name, { shape, data: fetched.floats(name) }]));
}
