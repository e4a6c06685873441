import { Graph, type Precision } from "../graph/graph.ts";
import { assignments, compile } from "../graph/program.ts";
import { cast, mean } from "../graph/ops.ts";
import { openSession, type SessionOptions } from "./session.ts";

/** Matrices of this size are big enough to keep every unit busy, and small enough to be multiplied in 0.02 s on two cores. */
const size = 1024;
const productsPerRun = 2;
const measuredRuns = 3;

/**
 * The most floating-point operations per second that this machine was seen to do: those of the fastest of a few runs that
 * multiply large matrices. It takes about 0.2 s, and must enter no result.
 */
export async function measurePeak(
  precision: Precision,
  { scratch, threads }: Pick<SessionOptions, "scratch" | "threads">,
): Promise<number> {
  const graph = new Graph(precision);
  const { value, name } = graph.variable("matrix", [size, size]);
  const matrix = cast(value, precision);
  let product = matrix;
  for (let index = 0; index < productsPerRun; index++) {
    product = graph.operation("MatMul", [product, matrix], {
      attributes: { T: precision, transpose_a: false, transpose_b: false },
      outputs: [matrix],
    }).outputs[0];
  }
  const program = compile(graph, {
    assign: assignments(graph, graph.variables.values()),
    multiply: { inputs: {}, outputs: { mean: mean(cast(product, "float32")) } },
  });
  const session = await openSession(program, { scratch, threads });
  // Values whose products stay of their size: tiny ones would take the slow path of denormal numbers.
  const values = Float32Array.from(
    { length: size * size },
    (_, index) => Math.sin(index) * Math.sqrt(2 / size),
  );
  session.run("assign", { [name]: { values, shape: [size, size] } });
  session.run("multiply"); // the first run is slow
  const seconds = Array.from({ length: measuredRuns }, () => {
    const started = performance.now();
    session.run("multiply");
    return (performance.now() - started) / 1000;
  });
  session.close();
  return productsPerRun * 2 * size ** 3 / Math.min(...seconds);
}
