import assert from "node:assert/strict";
import { gradients } from "../../src/graph/gradient.ts";
import { Graph, type Tensor } from "../../src/graph/graph.ts";
import * as ops from "../../src/graph/ops.ts";
import { assignments, compile } from "../../src/graph/program.ts";
import { openSession } from "../../src/runtime/session.ts";
import { scratch } from "../scratch.ts";

/** A function of one or two variables. Every operation that has a gradient appears in one of these. */
interface Case {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly f: (graph: Graph, ...inputs: Tensor[]) => Tensor;
  /** Keeps every value positive. */
  readonly positive?: boolean;
}

const indices = (graph: Graph, ...values: number[]) => graph.constant(values, "int32");

const cases: readonly Case[] = [
  { name: "add, stretching a row", shapes: [[2, 3], [3]], f: (_, a, b) => ops.add(a, b) },
  { name: "add, stretching a column", shapes: [[2, 3], [2, 1]], f: (_, a, b) => ops.add(a, b) },
  { name: "subtract", shapes: [[2, 3], [1, 3]], f: (_, a, b) => ops.subtract(a, b) },
  { name: "multiply", shapes: [[2, 3], [3]], f: (_, a, b) => ops.multiply(a, b) },
  { name: "divide", shapes: [[2, 3], [3]], positive: true, f: (_, a, b) => ops.divide(a, b) },
  { name: "negate", shapes: [[4]], f: (_, a) => ops.negate(a) },
  { name: "square", shapes: [[4]], f: (_, a) => ops.square(a) },
  { name: "squareRoot", shapes: [[4]], positive: true, f: (_, a) => ops.squareRoot(a) },
  { name: "reciprocalSquareRoot", shapes: [[4]], positive: true, f: (_, a) => ops.reciprocalSquareRoot(a) },
  { name: "exponential", shapes: [[4]], f: (_, a) => ops.exponential(a) },
  { name: "logarithm", shapes: [[4]], positive: true, f: (_, a) => ops.logarithm(a) },
  { name: "tanh", shapes: [[4]], f: (_, a) => ops.tanh(a) },
  { name: "sigmoid", shapes: [[4]], f: (_, a) => ops.sigmoid(a) },
  { name: "softplus", shapes: [[4]], f: (_, a) => ops.softplus(a) },
  { name: "gelu", shapes: [[4]], f: (_, a) => ops.gelu(a) },
  { name: "geluTanh", shapes: [[4]], f: (_, a) => ops.geluTanh(a) },
  { name: "reshape", shapes: [[2, 3]], f: (_, a) => ops.reshape(a, [3, 2]) },
  { name: "transpose", shapes: [[2, 1, 3]], f: (_, a) => ops.transpose(a, [2, 0, 1]) },
  {
    name: "gather, with a row twice",
    shapes: [[3, 2]],
    f: (graph, a) => ops.gather(a, indices(graph, 2, 0, 2)),
  },
  {
    name: "gather, twice from a table that is used for something else too",
    shapes: [[3, 2]],
    f: (graph, a) =>
      ops.join([ops.gather(a, indices(graph, 2, 0, 2)), a, ops.gather(a, indices(graph, 1, 2))]),
  },
  {
    name: "spread, of which no place is looked at but those that were given",
    shapes: [[3, 2]],
    f: (graph, a) => ops.gather(ops.spread(a, indices(graph, 2, 0, 3), 4), indices(graph, 3, 0, 2, 3)),
  },
  {
    name: "collect, with a row left out",
    shapes: [[4, 2]],
    f: (graph, a) => ops.collect(a, indices(graph, 2, 0, 3)),
  },
  {
    name: "join, of a part that is used twice",
    shapes: [[1, 2], [3, 2]],
    f: (_, a, b) => ops.join([a, b, a]),
  },
  { name: "sum", shapes: [[2, 3, 2]], f: (_, a) => ops.sum(a, [0, 2]) },
  { name: "mean", shapes: [[2, 3, 2]], f: (_, a) => ops.mean(a, [1]) },
  { name: "maximumOfLast", shapes: [[2, 3]], f: (_, a) => ops.maximumOfLast(a) },
  { name: "logSumExp", shapes: [[2, 3]], f: (_, a) => ops.logSumExp(a) },
  { name: "softmax", shapes: [[2, 3]], f: (_, a) => ops.softmax(a) },
  {
    name: "layerNorm by its input",
    shapes: [[2, 4], [4], [4]],
    f: (_, a, b, c) => ops.layerNorm(a, b, c, 1e-5),
  },
  {
    name: "softmaxCrossEntropy",
    shapes: [[3, 4]],
    f: (graph, a) => ops.softmaxCrossEntropy(a, indices(graph, 1, 3, 0)),
  },
  ...[false, true].map((withBias): Case => ({
    name: `vocabularyCrossEntropy${withBias ? " with a bias" : ""}`,
    shapes: withBias ? [[3, 2], [4, 2], [4]] : [[3, 2], [4, 2]],
    f: (graph, a, b, c) => ops.vocabularyCrossEntropy(a, b, indices(graph, 1, 3, 1), c),
  })),
  {
    name: "dropout, with its mask held",
    shapes: [[3, 4]],
    f: (graph, a) => ops.dropout(a, 0.4, graph.constant(7, "int32"), 0),
  },
  {
    name: "dropout of a shape without an even size",
    shapes: [[3, 5]],
    f: (graph, a) => ops.dropout(a, 0.4, graph.constant(7, "int32"), 0),
  },
  { name: "sumOfSquares", shapes: [[3, 2]], f: (_, a) => ops.sumOfSquares(a) },
  ...[false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB) =>
      [[], [2]].map((batch): Case => ({
        name: `matmul${batch.length ? " in batches" : ""}${transposeA ? " Aᵀ" : " A"}${
          transposeB ? "Bᵀ" : "B"
        }`,
        shapes: [[...batch, ...(transposeA ? [3, 2] : [2, 3])], [
          ...batch,
          ...(transposeB ? [2, 3] : [3, 2]),
        ]],
        f: (_, a, b) => ops.matmul(a, b, { transposeA, transposeB }),
      }))
    )
  ),
  { name: "addBias", shapes: [[2, 3], [3]], f: (_, a, b) => ops.addBias(a, b) },
];

/**
 * Returns numbers without structure, fractions of multiples of the golden ratio, in (−1, 1) or in (0.5, 1.5).
 */
function numbers(count: number, start: number, positive = false): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => {
    const fraction = ((start + index + 1) * 0.6180339887) % 1;
    return positive ? 0.5 + fraction : 2 * fraction - 1;
  });
}

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

for (const { name, shapes, f, positive } of cases) {
  Deno.test(`the gradient of ${name} is the one that central differences give`, async () => {
    const graph = new Graph();
    const variables = shapes.map((shape, index) => graph.variable(`x${index}`, shape));
    const y = f(graph, ...variables.map(({ value }) => value));
    const weights = graph.constant(
      [...numbers(size(y.shape as number[]), 40)],
      "float32",
      y.shape as number[],
    );
    const loss = ops.sum(ops.multiply(y, weights)); // a scalar in which each element of y has another weight
    const slopes = gradients(loss, variables);
    const program = compile(graph, {
      assign: assignments(graph, variables),
      evaluate: { inputs: {}, outputs: { loss } },
      differentiate: {
        inputs: {},
        outputs: Object.fromEntries(variables.map((variable) => [variable.name, slopes.get(variable)!])),
      },
    });
    const session = await openSession(program, { scratch, threads: 1 });
    const start = shapes.map((shape, index) => numbers(size(shape), 10 * index, positive));
    const lossAt = (values: readonly Float32Array[]) => {
      session.run(
        "assign",
        Object.fromEntries(values.map((array, i) => [`x${i}`, { values: array, shape: shapes[i] }])),
      );
      return session.run("evaluate").floats("loss")[0];
    };
    lossAt(start);
    const found = session.run("differentiate");
    const step = 1e-2;
    for (const [which, values] of start.entries()) {
      for (const element of values.keys()) {
        const shifted = [step, -step].map((shift) => {
          const moved = start.map((array) => array.slice());
          moved[which][element] += shift;
          return lossAt(moved);
        });
        const expected = (shifted[0] - shifted[1]) / (2 * step);
        const actual = found.floats(`x${which}`)[element];
        const message = `by x${which}[${element}]: ${actual}, central difference ${expected}`;
        assert.ok(Math.abs(actual - expected) < 1e-3 * Math.max(1, Math.abs(expected)), message);
      }
    }
    session.close();
  });
}

Deno.test("the gradient of a cast to bfloat16 and back is the upstream gradient", async () => {
  const graph = new Graph();
  const x = graph.variable("x", [3]);
  const loss = ops.sum(ops.multiply(ops.cast(ops.cast(x.value, "bfloat16"), "float32"), 2));
  const slope = gradients(loss, [x]).get(x)!;
  const program = compile(graph, {
    assign: assignments(graph, [x]),
    run: { inputs: {}, outputs: { slope } },
  });
  const session = await openSession(program, { scratch, threads: 1 });
  session.run("assign", { x: { values: Float32Array.of(0.1, 1, 1000.1), shape: [3] } });
  assert.deepEqual(session.run("run").floats("slope"), Float32Array.of(2, 2, 2));
  session.close();
});

Deno.test("in bfloat16 the gradient of a likely label's loss is as exact as any other", async () => {
  const hidden = [[2, 2], [-2, 2], [1, 1]];
  const table = [[2, 2], [-2, 1], [0, -2], [1, -1], [-1, 0]];
  const labels = [0, 1, 0]; // with 99.9, 98 and 96 % of the probability
  const slope = hidden.map((row, at) => { // softmax − 1 at the label
    const powers = table.map((entry) => Math.exp(row[0] * entry[0] + row[1] * entry[1]));
    const total = powers.reduce((sum, power) => sum + power);
    const others = total - powers[labels[at]];
    return powers.map((power, c) => c === labels[at] ? -others / total : power / total);
  });
  const expected = {
    hidden: slope.flatMap((row) => [0, 1].map((d) => row.reduce((sum, s, c) => sum + s * table[c][d], 0))),
    table: table.flatMap((_, c) =>
      [0, 1].map((d) => slope.reduce((sum, row, r) => sum + row[c] * hidden[r][d], 0))
    ),
  };

  const graph = new Graph("bfloat16");
  const variables = { hidden: graph.variable("hidden", [3, 2]), table: graph.variable("table", [5, 2]) };
  const { hidden: x, table: y } = variables;
  const loss = ops.sum(ops.vocabularyCrossEntropy(x.value, y.value, indices(graph, ...labels)));
  const slopes = gradients(loss, [x, y]);
  const program = compile(graph, {
    assign: assignments(graph, [x, y]),
    differentiate: { inputs: {}, outputs: { hidden: slopes.get(x)!, table: slopes.get(y)! } },
  });
  const session = await openSession(program, { scratch, threads: 1 });
  session.run("assign", {
    hidden: { values: Float32Array.from(hidden.flat()), shape: x.shape },
    table: { values: Float32Array.from(table.flat()), shape: y.shape },
  });
  const found = session.run("differentiate");
  session.close();
  for (const name of ["hidden", "table"] as const) {
    const off = Math.hypot(...found.floats(name).map((value, i) => value - expected[name][i]));
    const share = off / Math.hypot(...expected[name]);
    assert.ok(share < 2 ** -7, `the gradient by ${name} is off by ${share} of its length`);
  }
});

Deno.test("a loss that passes through an operation without a gradient is refused", () => {
  const graph = new Graph();
  const x = graph.variable("x", [2, 3]);
  const loss = ops.sum(ops.topK(x.value, 2).values);
  assert.throws(() => gradients(loss, [x]), /TopKV2_\d+ has no gradient/);
});
