import { Graph } from "../../src/graph/graph.ts";
import { assignments, compile, readings } from "../../src/graph/program.ts";
import { trainingStep } from "../../src/graph/training_step.ts";
import { randomStream } from "../../src/random.ts";
import { openSession } from "../../src/runtime/session.ts";
import { assertClose } from "../close.ts";
import { scratch } from "../scratch.ts";

const [weightDecay, clipNorm] = [0.5, 1];
const shapes = { matrix: [2, 3], vector: [3] };

Deno.test("steps of training are those of AdamW in float64, whichever gradients are clipped", async () => {
  const session = await openTraining();
  const expected = adamW();
  const random = randomStream(1, "gradients");
  // The first gradient is about as small as epsilon. Half of the others have a norm above the limit.
  for (const [index, size] of [1e-8, 30, 0.2, 0, 1000, 0.01, 0.3, 2, 0.1, 5, 0.4, 1e-4].entries()) {
    const gradient = Float32Array.from({ length: 9 }, () => size * random.normal());
    const [step, learningRate] = [index + 1, 0.1 / (index + 1)];
    const { floats } = session.run("train", {
      matrixSlope: { values: gradient.slice(0, 6), shape: shapes.matrix },
      vectorSlope: { values: gradient.slice(6), shape: shapes.vector },
      learningRate,
      step,
    });
    const { norm, weights } = expected(gradient, step, learningRate);
    assertClose(floats("norm"), [norm], 1e-6 * norm);
    const read = session.run("read");
    assertClose([...read.floats("matrix"), ...read.floats("vector")], weights, 2e-6);
  }
  session.close();
});

/** Opens a session that trains a matrix and a vector of ones, whose gradients are fed. */
async function openTraining() {
  const graph = new Graph();
  const variables = Object.entries(shapes).map(([name, shape]) => graph.variable(name, shape));
  const [matrixSlope, vectorSlope] = variables.map(({ name, shape }) =>
    graph.placeholder(`${name}Slope`, "float32", shape)
  );
  const gradients = new Map([[variables[0], matrixSlope], [variables[1], vectorSlope]]);
  const { norm, updates, inputs, signatures } = trainingStep(gradients, { weightDecay, clipNorm });
  const program = compile(graph, {
    ...signatures,
    train: { inputs: { matrixSlope, vectorSlope, ...inputs }, outputs: { norm }, updates },
    assign: assignments(graph, variables),
    read: readings(variables),
  });
  const session = await openSession(program, { scratch, threads: 1 });
  const ones = (shape: readonly number[]) => ({
    values: new Float32Array(shape.reduce((product, size) => product * size)).fill(1),
    shape,
  });
  session.run("assign", { matrix: ones(shapes.matrix), vector: ones(shapes.vector) });
  session.run("reset");
  return session;
}

/**
 * Takes steps of AdamW as it is defined (Loshchilov and Hutter 2019, algorithm 2) on nine weights, of which
 * the first six decay.
 */
function adamW() {
  const weights = new Array(9).fill(1);
  const [means, variances] = [new Array(9).fill(0), new Array(9).fill(0)];
  return (gradient: Float32Array, step: number, learningRate: number) => {
    const norm = Math.hypot(...gradient);
    for (const [index, slope] of gradient.entries()) {
      const clipped = slope * Math.min(1, clipNorm / norm);
      means[index] = 0.9 * means[index] + 0.1 * clipped;
      variances[index] = 0.999 * variances[index] + 0.001 * clipped ** 2;
      const mean = means[index] / (1 - 0.9 ** step);
      const deviation = Math.sqrt(variances[index] / (1 - 0.999 ** step));
      const decay = index < 6 ? weightDecay * weights[index] : 0;
      weights[index] -= learningRate * (mean / (deviation + 1e-8) + decay);
    }
    return { norm, weights };
  };
}
