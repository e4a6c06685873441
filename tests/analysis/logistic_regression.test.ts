import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fitLogisticRegression, scoreOf } from "../../src/analysis/logistic_regression.ts";
import { assertClose } from "../close.ts";
import { fixture } from "../fixtures.ts";

Deno.test("weights and bias are scikit-learn's", () => {
  const expected: {
    readonly counts: number[][];
    readonly classes: number[];
    readonly weights: number[];
    readonly bias: number;
  } = JSON.parse(readFileSync(fixture("logistic_regression.json"), "utf8"));
  const { counts, classes, weights, bias } = expected;
  const rows = counts.map((row) => {
    const columns = [...row.keys()].filter((column) => row[column] > 0);
    return { columns, values: columns.map((column) => row[column]) };
  });
  const found = fitLogisticRegression(rows, classes, 40);
  assertClose(found.weights, weights, 1e-5);
  assertClose([found.bias], [bias], 1e-5);
  const unseen = { columns: [3, 40], values: [2, 5] };
  assertClose([scoreOf(found, unseen)], [2 * weights[3] + bias], 1e-5);
});

Deno.test("classes that nothing tells apart get the share of each as their probability", () => {
  const rows = Array.from({ length: 4 }, () => ({ columns: [], values: [] }));
  const found = fitLogisticRegression(rows, [1, 1, 1, 0], 2);
  assertClose([found.bias], [Math.log(3)], 1e-7);
  assert.deepEqual([...found.weights], [0, 0]);
});
