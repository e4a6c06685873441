import { Graph, type Precision } from "../graph/graph.ts";
import { cast, gather } from "../graph/ops.ts";
import { shapeVector } from "../graph/ops/layout.ts";
import { compile } from "../graph/program.ts";
import { openSession, type SessionOptions } from "./session.ts";

// Big enough to keep a few cores busy, and small enough to be multiplied in 0.02 s by one.
const firstSize = 1024;
/** A run that takes less time tells of more than multiplying: larger matrices are tried then, as a GPU needs. */
const shortestRun = 0.002; // seconds, as all times here
const largestSize = 16384;
const productsPerRun = 2;
const fewestRuns = 3;
const longEnough = 0.1;

/**
 * The most floating-point operations per second that this machine was seen to do: those of the fastest of a few runs that
 * multiply large matrices. It takes 0.1 to 0.3 s, and must enter no result. Where other work goes on, it is too low.
 */
export async function measurePeak(
  precision: Precision,
  { scratch, threads }: Pick<SessionOptions, "scratch" | "threads">,
): Promise<number> {
  const session = await openSession(productsProgram(precision), { scratch, threads });
  const runSeconds = (size: number) => {
    const started = performance.now();
    session.run("multiply", { size, value: 1 / size }); // a matrix of such values is its own square
    return (performance.now() - started) / 1000;
  };
  const fastestRun = (size: number) => {
    runSeconds(size); // the first run is slow
    const seconds: number[] = [];
    for (let total = 0; seconds.length < fewestRuns || total < longEnough; total += seconds.at(-1)!) {
      seconds.push(runSeconds(size));
    }
    return Math.min(...seconds);
  };
  let size = firstSize;
  let seconds = fastestRun(size);
  while (seconds < shortestRun && size < largestSize) {
    size *= 4;
    seconds = fastestRun(size);
  }
  session.close();
  return productsPerRun * 2 * size ** 3 / seconds;
}

/** `multiply` matrices of a size, filled with a value; both are fed, so that nothing is computed beforehand. */
function productsProgram(precision: Precision) {
  const graph = new Graph(precision);
  const size = graph.placeholder("size", "int32", []);
  const value = graph.placeholder("value", "float32", []);
  const shape = ["rows", "columns"].map((label) => ({ label, size }));
  const matrix = graph.operation("Fill", [shapeVector(graph, shape), cast(value, precision)], {
    attributes: { T: precision, index_type: "int32" },
    outputs: [{ dtype: precision, shape }],
  }).outputs[0];
  let product = matrix;
  for (let index = 0; index < productsPerRun; index++) {
    product = graph.operation("MatMul", [product, matrix], {
      attributes: { T: precision, transpose_a: false, transpose_b: false },
      outputs: [matrix],
    }).outputs[0];
  }
  const row = cast(gather(product, graph.constant([0], "int32")), "float32");
  return compile(graph, { multiply: { inputs: { size, value }, outputs: { row } } });
}
