import assert from "node:assert/strict";
import { isEvaluated } from "../../../src/ebm/training/selection_parameters.ts";

const evaluated = (settings: { readonly steps: number; readonly evaluateEvery?: number }) =>
  Array.from({ length: settings.steps }, (_, index) => index + 1).filter((step) =>
    isEvaluated(step, { evaluateEvery: undefined, ...settings })
  );

Deno.test("steps are evaluated as in the authors' scripts unless a distance is given, and the last one always", () => {
  assert.deepEqual(evaluated({ steps: 1201 }), [100, 200, 500, 1000, 1201]);
  assert.deepEqual(evaluated({ steps: 70 }), [70]);
  assert.deepEqual(evaluated({ steps: 10, evaluateEvery: 4 }), [4, 8, 10]);
});
