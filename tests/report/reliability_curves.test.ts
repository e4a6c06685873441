import assert from "node:assert/strict";
import { accuracyAt, curveTable } from "../../src/report/reliability_curves.ts";
import { sampleEvaluation, sampleResults } from "./sample.ts";

Deno.test("a curve is read between its points, and not beyond them", () => {
  const curve = [{ confidence: 0.6, accuracy: 0.5 }, { confidence: 0.8, accuracy: 0.9 }];
  assert.deepEqual([0.59, 0.6, 0.65, 0.8, 0.81].map((confidence) => accuracyAt(curve, confidence)), [
    null,
    0.5,
    0.6000000000000001,
    0.9,
    null,
  ]);
});

Deno.test("the table has a row as trained and one after temperature", () => {
  const { headings, groups } = curveTable(sampleResults([sampleEvaluation("scalar")]).distributions);
  assert.deepEqual(headings.slice(0, 3), ["Variant", "0.50", "0.60"]);
  assert.deepEqual(groups[0].map(({ name }) => name), ["scalar", "scalar, temperature"]);
  assert.deepEqual(groups[0][0].cells, ["–", "49.5 %", "61.3 %", "73.2 %", "85.0 %", "92.5 %", "98.5 %"]);
});
