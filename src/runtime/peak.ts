import { Graph, type Precision, type Tensor } from "../graph/graph.ts";
import { cast, gather } from "../graph/ops.ts";
import { shapeVector } from "../graph/ops/layout.ts";
import { compile, type Program } from "../graph/program.ts";
import { loadModel, type ModelOptions } from "./model.ts";

// Matrices of this size keep a few cores busy, and a single core multiplies them in 0.02 s.
const firstSize = 1024;
/**
 * A run that takes less time than this isn't dominated by multiplying, so larger matrices are tried then, as
 * a GPU needs. All times here are in seconds.
 */
const shortestRun = 0.002;
const largestSize = 16384;
const productsPerRun = 2;
const fewestRuns = 3;
const longEnough = 0.1;

/**
 * Measures the peak of this machine: the floating-point operations per second of the fastest of a few runs
 * that multiply large matrices. It takes 0.1 to 0.3 s. Where other programs keep the machine busy it comes
 * out too low, so it must not affect any result.
 */
export async function measurePeak(
  { precision, parts }: Pick<Program, "precision" | "parts">,
  options: ModelOptions,
): Promise<number> {
  const model = await loadModel(productsProgram(precision, parts), options);
  const runSeconds = (size: number) => {
    const started = performance.now();
    // A matrix filled with 1 / size is its own square, so products neither grow nor shrink.
    const values = Array.from({ length: parts }, (_, part) => [valueName(part), 1 / size] as const);
    model.run("multiply", { size, ...Object.fromEntries(values) });
    return (performance.now() - started) / 1000;
  };
  const fastestRun = (size: number) => {
    runSeconds(size); // isn't counted, because the first run is slow
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

/**
 * Builds a program whose signature `multiply` multiplies matrices of a size that are filled with a value.
 * Both are fed, so that TensorFlow can't compute anything beforehand.
 */
function productsProgram(precision: Precision, parts: number) {
  const graph = new Graph(precision);
  const size = graph.placeholder("size", "int32", []);
  const shape = ["rows", "columns"].map((label) => ({ label, size }));
  const inputs: Record<string, Tensor> = { size };
  const outputs: Record<string, Tensor> = {};
  for (let part = 0; part < parts; part++) {
    // Each part has a value of its own, because TensorFlow would compute equal parts only once.
    const value = graph.placeholder(valueName(part), "float32", []);
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
