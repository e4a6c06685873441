/** Compares operations that are written for speed with the same ones in float64. */
import assert from "node:assert/strict";
import { toBfloat16 } from "../../src/graph/data_type.ts";
import { Graph, type Precision, type Tensor } from "../../src/graph/graph.ts";
import * as ops from "../../src/graph/ops.ts";
import { compile } from "../../src/graph/program.ts";
import { randomStream } from "../../src/random.ts";
import { openSession } from "../../src/runtime/session.ts";
import { assertClose } from "../close.ts";
import { scratch } from "../scratch.ts";

/**
 * Returns what a graph computes of x on one thread. x is fed, because the graph's optimiser would compute the
 * result itself from constants alone.
 */
async function computed(
  x: readonly number[],
  shape: readonly [number, number],
  build: (x: Tensor) => Tensor,
  precision: Precision = "float32",
) {
  const graph = new Graph(precision);
  const input = graph.placeholder("x", "float32", ["rows", shape[1]]);
  const program = compile(graph, { run: { inputs: { x: input }, outputs: { result: build(input) } } });
  const session = await openSession(program, { scratch, threads: 1 });
  const values = session.run("run", { x: { values: Float32Array.from(x), shape } }).floats("result");
  session.close();
  return values;
}

Deno.test("spread puts rows at their places, and collect takes them from there", async () => {
  const x = [1, 2, 3, 4, 5, 6];
  const places = ({ graph }: Tensor) => graph.constant([3, 0, 4], "int32");
  const spread = (rows: Tensor) => ops.spread(rows, places(rows), 5);
  const table = await computed(x, [3, 2], spread);
  assert.deepEqual([...table.slice(0, 2), ...table.slice(6)], [3, 4, 1, 2, 5, 6]); // all but places 1 and 2
  assert.deepEqual([...await computed(x, [3, 2], (rows) => ops.collect(spread(rows), places(rows)))], x);
});

Deno.test("toBfloat16 rounds as TensorFlow does, halves to the even side", async () => {
  const random = randomStream(1, "numbers");
  const halves = [0x3f808000, 0x3f818000, 0x3f807fff, 0xbf818001, 0x00018000, 0x7f7f8000].map(fromBits);
  const numbers = [0, -0, 1e-40, 3e38, ...halves, ...Array.from({ length: 1000 }, () => random.normal())];
  const cast = await computed(
    numbers,
    [1, numbers.length],
    (x) => ops.cast(ops.cast(x, "bfloat16"), "float32"),
  );
  assert.deepEqual(Array.from(toBfloat16(Float32Array.from(numbers)), (bits) => fromBits(bits << 16)), [
    ...cast,
  ]);
});

function fromBits(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0];
}

Deno.test("vocabularyCrossEntropy is −ln softmax, and 87 where the probability is no number", async () => {
  const hidden = [1, -2, 0.5, 3, 0, 0, 40, 0];
  const table = [1, 0.5, -1, 2, 0.25, -0.75, 5, -3, -5, 1];
  const bias = [0.1, -0.2, 0, 0.3, 0.7];
  const labels = [4, 0, 2, 4];
  const losses = await computed(hidden, [4, 2], (x) =>
    ops.vocabularyCrossEntropy(
      x,
      x.graph.constant(table, "float32", [5, 2]),
      x.graph.constant(labels, "int32"),
      x.graph.constant(bias),
    ));
  const expected = labels.map((label, row) => {
    const logits = bias.map((b, c) =>
      hidden[2 * row] * table[2 * c] + hidden[2 * row + 1] * table[2 * c + 1] + b
    );
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - logits[label]), 0);
    return Math.min(Math.log(total), 126 * Math.LN2);
  });
  assert.ok(expected[3] > 87); // 40 · (5 + 5)
  assertClose(losses, expected, 2e-5);
});

/**
 * Computes (1 + erf z) / 2 in float64's precision: by a series for small z, and by a continued fraction of
 * erfc for large z.
 */
function normalShare(z: number): number {
  if (z < 0) return 1 - normalShare(-z);
  if (z < 3) {
    let [term, sum] = [z, z];
    for (let n = 1; n < 100; n++) sum += (term *= -z * z / n) / (2 * n + 1);
    return 0.5 + sum / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (z + fraction);
  return 1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction) / 2;
}

for (const [precision, tolerance] of [["float32", 1e-6], ["bfloat16", 2 ** -8]] as const) {
  Deno.test(`a product, its bias and GELU: x·Φ(x) in ${precision}`, async () => {
    const inputs = Array.from({ length: 97 }, (_, index) => (index - 48) / 8); // exact in both precisions
    const outputs = await computed(inputs, [97, 1], (x) => {
      const ones = x.graph.constant([1, 1], "float32", [2, 1]);
      const products = ops.matmul(x, ones, { transposeB: true, dtype: precision });
      return ops.cast(ops.gelu(ops.addBias(products, x.graph.constant([0, 0.5]))), "float32"); // [97, 2]
    }, precision);
    const expected = inputs.flatMap((x) => [x, x + 0.5]).map((x) => x * normalShare(x * Math.SQRT1_2));
    for (const [at, value] of expected.entries()) {
      const allowed = tolerance * Math.max(1, Math.abs(value));
      assert.ok(Math.abs(outputs[at] - value) <= allowed, `[${at}] is ${outputs[at]}, expected ${value}`);
    }
  });
}
