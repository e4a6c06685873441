import type { Variable } from "../../src/graph/graph.ts";
import { weightFeeds } from "../../src/ebm/weights.ts";
import { initialValues } from "../../src/nn/checkpoint.ts";
import { randomStream } from "../../src/random.ts";
import type { Feed } from "../../src/runtime/session.ts";

/** Random weights of the usual size, as feeds of `assign`: how long a step takes doesn't depend on what was learned. */
export function randomWeights(variables: Iterable<Variable>): Record<string, Feed> {
  const fresh = { isNew: () => true, random: randomStream(1, "bench/weights") };
  return weightFeeds(initialValues(variables, { folder: "", weights: new Map() }, fresh));
}
