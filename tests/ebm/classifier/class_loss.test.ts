/**
 * Compares the classes' losses with formulas in plain numbers, and their gradients with finite differences.
 */
import assert from "node:assert/strict";
import { type ClassLoss, classLoss } from "../../../src/ebm/classifier/class_loss.ts";
import {
  type EmpiricalTable,
  empiricalTable,
  tableFeeds,
} from "../../../src/ebm/classifier/empirical_table.ts";
import { gradients } from "../../../src/graph/gradient.ts";
import { Graph } from "../../../src/graph/graph.ts";
import { assignments, compile } from "../../../src/graph/program.ts";
import { openSession } from "../../../src/runtime/session.ts";
import { assertClose } from "../../close.ts";
import { scratch } from "../../scratch.ts";

const logits = [[2, -1, 0.5], [0.25, 0.5, -3], [-4, 1, 6], [30, -30, 0]];
const labels = [0, 2, 2, 0];
const bins = 4;
const table: EmpiricalTable = {
  shares: [0, 0.125, 0.25, 0, 0.5, 0.375, 0.75, 0, 0.625, 1, 0.875, 0.9375],
  observed: [1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1],
};

const softmax = (row: readonly number[]) => {
  const largest = Math.max(...row);
  const weights = row.map((logit) => Math.exp(logit - largest));
  const total = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / total);
};
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
const crossEntropy = (rows: readonly (readonly number[])[]) =>
  mean(rows.map((row, at) => -Math.log(softmax(row)[labels[at]])));

/**
 * Returns the probability p of each class of each row, and its bin's share q; in an empty bin q is p as it
 * was before any step.
 */
function cells(rows: readonly (readonly number[])[]) {
  return rows.flatMap((row, at) =>
    softmax(row).map((p, label) => {
      const cell = Math.min(Math.floor(p * bins), bins - 1) * row.length + label;
      return { p, q: table.observed[cell] ? table.shares[cell] : softmax(logits[at])[label] };
    })
  );
}

const meanSquare = (rows: readonly (readonly number[])[]) =>
  mean(cells(rows).map(({ p, q }) => (p - q) ** 2));

const cases: readonly [ClassLoss, (rows: readonly (readonly number[])[]) => number][] = [
  [{ kind: "cross-entropy" }, crossEntropy],
  // As PyTorch's CrossEntropyLoss defines label_smoothing: the target is (1 − ε) · one-hot + ε / classes.
  [
    { kind: "label-smoothing", smoothing: 0.1 },
    (rows) =>
      mean(
        rows.map((row, at) =>
          softmax(row).reduce(
            (sum, p, label) => sum - (0.1 / row.length + (label === labels[at] ? 0.9 : 0)) * Math.log(p),
            0,
          )
        ),
      ),
  ],
  [{ kind: "focal", gamma: 2 }, (rows) =>
    mean(rows.map((row, at) => {
      const p = softmax(row)[labels[at]];
      return -((1 - p) ** 2) * Math.log(p);
    }))],
  [
    { kind: "poscal", weight: 0.5, distance: "mse", bins },
    (rows) => crossEntropy(rows) + 0.5 * meanSquare(rows),
  ],
  [
    { kind: "poscal", weight: 2, distance: "rmse", bins },
    (rows) => crossEntropy(rows) + 2 * Math.sqrt(meanSquare(rows)),
  ],
  [
    { kind: "poscal", weight: 1, distance: "kl", bins },
    (rows) => crossEntropy(rows) + 3 * mean(cells(rows).map(({ p, q }) => q === 0 ? 0 : q * Math.log(q / p))),
  ],
];

/** Computes a loss of logits and its gradient by them. */
async function lossAndGradient(loss: ClassLoss, rows: readonly (readonly number[])[], empirical = table) {
  const graph = new Graph();
  const variable = graph.variable("logits", [rows.length, rows[0].length]);
  const labelsIn = graph.placeholder("labels", "int32", ["rows"]);
  const { total, feeds } = classLoss(variable.value, labelsIn, loss);
  const gradient = gradients(total, [variable]).get(variable)!;
  const program = compile(graph, {
    assign: assignments(graph, [variable]),
    run: { inputs: { labels: labelsIn, ...feeds }, outputs: { total, gradient } },
  });
  const session = await openSession(program, { scratch, threads: 1 });
  session.run("assign", {
    logits: { values: Float32Array.from(rows.flat()), shape: [rows.length, rows[0].length] },
  });
  const result = session.run("run", {
    labels: { values: Int32Array.from(labels.slice(0, rows.length)), shape: [rows.length] },
    ...(loss.kind === "poscal" ? tableFeeds(empirical) : {}),
  });
  const fetched = { total: result.floats("total")[0], gradient: [...result.floats("gradient")] };
  session.close();
  return fetched;
}

/** Computes the gradient of a function of logits from finite differences, in float64. */
function slopes(f: (rows: readonly (readonly number[])[]) => number): number[] {
  const step = 1e-5;
  return logits.flatMap((row, at) =>
    row.map((_, column) => {
      const moved = (by: number) =>
        f(logits.map((each, index) => index === at ? each.with(column, each[column] + by) : each));
      return (moved(step) - moved(-step)) / (2 * step);
    })
  );
}

for (const [loss, expected] of cases) {
  Deno.test(`${JSON.stringify(loss)} is its formula, and so is its gradient`, async () => {
    const { total, gradient } = await lossAndGradient(loss, logits);
    assertClose([total], [expected(logits)], 2e-5); // of a loss of up to 30, in float32
    assertClose(gradient, slopes(expected), 2e-5);
  });
}

Deno.test("without smoothing, without focus and without weight, the losses are cross-entropy to the bit", async () => {
  const plain = await lossAndGradient({ kind: "cross-entropy" }, logits);
  const others: ClassLoss[] = [
    { kind: "label-smoothing", smoothing: 0 },
    { kind: "focal", gamma: 0 },
    { kind: "poscal", weight: 0, distance: "mse", bins },
  ];
  for (const loss of others) assert.deepEqual(await lossAndGradient(loss, logits), plain);
});

Deno.test("an empty bin pulls nowhere: probabilities that the other classes' shares agree with stay", async () => {
  // One bin, three classes, p = 1/3 each: the shares of the first two are just that, and the third's is not
  // known.
  const known: EmpiricalTable = { shares: [1 / 3, 1 / 3, 0], observed: [1, 1, 0] };
  const alike = [[0, 0, 0]];
  const plain = await lossAndGradient({ kind: "cross-entropy" }, alike);
  for (const distance of ["mse", "kl"] as const) { // a root has no slope at 0
    const loss = { kind: "poscal", weight: 1, distance, bins: 1 } as const;
    const { gradient } = await lossAndGradient(loss, alike, known);
    assertClose(gradient, plain.gradient, 1e-6);
  }
});

Deno.test("a table has the share of its class among the texts of each bin; 1 is in the last, and empty bins are marked", () => {
  // Class 0 is given .95, .9, .2, 1 and .2; the texts' classes are 0, 1, 1, 0 and 0.
  const probabilities = [0.95, 0.05, 0.9, 0.1, 0.2, 0.8, 1, 0, 0.2, 0.8];
  const { shares, observed } = empiricalTable(Float64Array.from(probabilities), [0, 1, 1, 0, 0], {
    classes: 2,
    bins: 4,
  });
  const ofClass = (label: number, column: readonly number[]) => column.filter((_, at) => at % 2 === label);
  assertClose(ofClass(0, shares), [1 / 2, 0, 0, 2 / 3], 1e-15);
  assert.deepEqual(ofClass(0, observed), [1, 0, 0, 1]);
  assertClose(ofClass(1, shares), [1 / 3, 0, 0, 1 / 2], 1e-15);
  assert.deepEqual(ofClass(1, observed), [1, 0, 0, 1]);
});
