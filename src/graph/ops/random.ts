import { type Shape, type Tensor, withGradient } from "../graph.ts";
import { cast, multiply } from "./arithmetic.ts";
import { reshape, shapeVector } from "./layout.ts";

/**
 * Draws uniform numbers in [0, 1). They are a pure function of the seed, an int32 scalar that each run is
 * fed, and of `draw`, the number of the draw within the graph.
 */
export function uniform(seed: Tensor, draw: number, shape: Shape): Tensor {
  return stateless("StatelessRandomUniform", "float32", seed, draw, shape);
}

function stateless(
  type: string,
  dtype: "float32" | "int32",
  seed: Tensor,
  draw: number,
  shape: Shape,
): Tensor {
  const { graph } = seed;
  const pair = graph.operation("Pack", [seed, graph.constant(draw, "int32")], {
    attributes: { T: "int32", N: 2, axis: 0 },
    outputs: [{ dtype: "int32", shape: [2] }],
  }).outputs[0];
  return graph.operation(type, [shapeVector(graph, shape), pair], {
    attributes: { dtype, T: "int32", Tseed: "int32" },
    outputs: [{ dtype, shape }],
  }).outputs[0];
}

/**
 * Sets each element to 0 with probability `rate` and scales the others up, so that the mean stays the same.
 * Drawing random numbers takes a tenth of a training step, so where a dimension is known to be even each
 * int32 decides on two elements; `rate` is then rounded to a multiple of 1/65,536.
 *
 * @param rate from 0 to less than 1
 */
export function dropout(x: Tensor, rate: number, seed: Tensor, draw: number): Tensor {
  const { graph, shape } = x;
  const halved = shape.findIndex((size) => typeof size === "number" && size % 2 === 0);
  const half = shape.map((size, axis) => axis === halved ? size as number / 2 : size);
  const words = stateless("StatelessRandomUniformFullInt", "int32", seed, draw, half);
  const [dtype, values] = halved < 0 ? ["int32", 2 ** 32] as const : ["int16", 2 ** 16] as const;
  const dropped = Math.min(Math.round(rate * values), values - 1);
  const { outputs: [kept] } = graph.operation("GreaterEqual", [
    halved < 0 ? words : reshape(asShorts(words), shape),
    cast(graph.constant(dropped - values / 2, "int32"), dtype),
  ], {
    attributes: { T: dtype },
    outputs: [{ dtype: "bool", shape }],
  });
  return keepWhere(kept, 1 / (1 - dropped / values), x);
}

/**
 * Returns scale · x where `kept` is true, and 0 elsewhere. Its gradient only needs `kept`, one byte for each
 * element.
 */
function keepWhere(kept: Tensor, scale: number, x: Tensor): Tensor {
  const { outputs: [y] } = x.graph.operation("SelectV2", [kept, multiply(x, scale), x.graph.constant(0)], {
    attributes: { T: "float32" },
    outputs: [x],
  });
  return withGradient(y, [x], (upstream) => [() => keepWhere(kept, scale, upstream)]);
}

/** Splits each int32 into two int16: […] gives […, 2]. */
function asShorts(words: Tensor): Tensor {
  return words.graph.operation("Bitcast", [words], {
    attributes: { T: "int32", type: "int16" },
    outputs: [{ dtype: "int16", shape: [...words.shape, 2] }],
  }).outputs[0];
}
