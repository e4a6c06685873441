import type { Tensor } from "../graph.ts";
import { type Dimension } from "../shape.ts";
import { multiply } from "./arithmetic.ts";
import { shapeVector } from "./layout.ts";

/**
 * Uniform numbers in [0, 1), a pure function of the seed: an int32 scalar, fed afresh at each run, and the number of the draw
 * within the graph.
 */
export function uniform(seed: Tensor, draw: number, shape: readonly Dimension[]): Tensor {
  const { graph } = seed;
  const pair = graph.operation("Pack", [seed, graph.constant(draw, "int32")], {
    attributes: { T: "int32", N: 2, axis: 0 },
    outputs: [{ dtype: "int32", shape: [2] }],
  }).outputs[0];
  return graph.operation("StatelessRandomUniform", [shapeVector(graph, shape), pair], {
    attributes: { dtype: "float32", T: "int32", Tseed: "int32" },
    outputs: [{ dtype: "float32", shape }],
  }).outputs[0];
}

/** Sets each element to 0 with probability `rate` and scales the rest up, so that the mean stays. */
export function dropout(x: Tensor, rate: number, seed: Tensor, draw: number): Tensor {
  const { graph } = x;
  const { outputs: [kept] } = graph.operation("GreaterEqual", [
    uniform(seed, draw, x.shape),
    graph.constant(rate),
  ], {
    attributes: { T: "float32" },
    outputs: [{ dtype: "bool", shape: x.shape }],
  });
  const { outputs: [mask] } = graph.operation("SelectV2", [
    kept,
    graph.constant(1 / (1 - rate)),
    graph.constant(0),
  ], {
    attributes: { T: "float32" },
    outputs: [x],
  });
  return multiply(x, mask);
}
