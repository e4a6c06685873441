import { Graph, type Precision, type Tensor } from "../graph/graph.ts";
import { cast, gather } from "../graph/ops.ts";
import { shapeVector } from "../graph/ops/layout.ts";
import { compile, type Program } from "../graph/program.ts";
import { loadModel, type ModelOptions } from "./model.ts";

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
  { precision, parts }: Pick<Program, "precision" | "parts">,
  options: ModelOptions,
): Promise<number> {
  const model = await loadModel(productsProgram(precision, parts), options);
  const runSeconds = (size: number) => {
    const started = performance.now();
    // A matrix of such values is its own square.
    const values = Array.from({ length: parts }, (_, part) => [valueName(part), 1 / size] as const);
    model.run("multiply", { size, ...Object.fromEntries(values) });
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
  model.close();
  return parts * productsPerRun * 2 * size ** 3 / seconds;
}

/** `multiply` matrices of a size, filled with a value; both are fed, so that nothing is computed beforehand. */
function productsProgram(precision: Precision, parts: number) {
  const graph = new Graph(precision);
  const size = graph.placeholder("size", "int32", []);
  const shape = ["rows", "columns"].map((label) => ({ label, size }));
  const inputs: Record<string, Tensor> = { size };
  const outputs: Record<string, Tensor> = {};
  for (let part = 0; part < parts; part++) {
    const value = graph.placeholder(valueName(part), "float32", []); // each its own, or TensorFlow would compute only one
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
    inputs[valueName(part)] = value;
    outputs[`row${part}`] = cast(gather(product, graph.constant([0], "int32")), "float32");
  }
  return compile(graph, { multiply: { inputs, outputs } }, parts);
}

function valueName(part: number): string {
  return `value${part}`;
}
