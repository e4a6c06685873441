import assert from "node:assert/strict";
import { bestOf, hasStalled } from "../../../src/ebm/training/selection.ts";

const rising = { by: "accuracy", better: "higher", keep: "best" } as const;
const withAccuracies = (...values: number[]) => values.map((accuracy) => ({ accuracy }));

Deno.test("the best evaluation is the first of those with the best figure", () => {
  const evaluations = withAccuracies(0.7, 0.9, 0.8, 0.9);
  assert.equal(bestOf(evaluations, rising), 1);
  assert.equal(bestOf(evaluations, { ...rising, better: "lower" }), 0);
  assert.equal(bestOf([], rising), -1);
});

Deno.test("patience ends when so many evaluations in a row were no better than the best one", () => {
  const patient = { ...rising, patience: 2 };
  assert.equal(hasStalled([], patient), false);
  assert.equal(hasStalled(withAccuracies(0.9, 0.8), patient), false);
  assert.equal(hasStalled(withAccuracies(0.9, 0.8, 0.9), patient), true);
  assert.equal(hasStalled(withAccuracies(0.7, 0.6, 0.8, 0.8), patient), false);
  assert.equal(hasStalled(withAccuracies(0.9, 0.8, 0.8, 0.8), rising), false);
});
