import type { Variable } from "../../src/graph/graph.ts";
import type { Weight } from "../../src/nn/checkpoint.ts";
import { randomStream } from "../../src/random.ts";

/**
 * Draws weights of the usual size, since how long a step takes doesn't depend on what was learned. None is
 * exactly 0 or 1, as some of an untrained model are, because TensorFlow would leave out what such a constant
 * does.
 */
export function randomWeights(variables: Iterable<Variable>): Map<string, Weight> {
  const random = randomStream(1, "bench/weights");
  // Tens of millions of draws would take each process seconds, so they are repeated.
  const draws = Array.from({ length: 65_537 }, () => 0.02 * random.normal());
  let next = 0;
  return new Map(Array.from(variables, ({ name, shape }) => {
    const mean = name.endsWith("LayerNorm.weight") ? 1 : 0;
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let index = 0; index < data.length; index++) data[index] = mean + draws[next++ % draws.length];
    return [name, { shape, data }];
  }));
}
