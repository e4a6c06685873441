import type { Variable } from "../../src/graph/graph.ts";
import { weightFeeds } from "../../src/ebm/weights.ts";
import { initialValues } from "../../src/nn/checkpoint.ts";
import { randomStream } from "../../src/random.ts";
import type { Feed } from "../../src/runtime/session.ts";

/** Random weights of the usual size, as feeds of `assign`: how long a step takes doesn't depend on what was learned. */
export function randomWeights(variables: Iterable<Variable>): Record<string, Feed> {
  const random = randomStream(1, "bench/weights");
  // Tens of millions of draws would take each process seconds, so some are repeated.
  const draws = Array.from({ length: 65_537 }, () => random.normal());
  let next = 0;
  const repeated = { ...random, normal: () => draws[next++ % draws.length] };
  const fresh = { isNew: () => true, random: repeated };
  return weightFeeds(initialValues(variables, { folder: "", weights: new Map() }, fresh));
}
