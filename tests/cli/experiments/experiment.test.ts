import assert from "node:assert/strict";
import { metricsIn } from "../../../src/cli/experiments/experiment.ts";

Deno.test("an evaluation's figures are those before and after the temperature", () => {
  const scores = {
    accuracy: 0.8,
    nll: 0.5,
    brier: 0.3,
    ece: 0.04,
    ece_floor: { mean: 0.1 },
    reliability: [],
  };
  const evaluation = {
    ...{ variant: "hidden", seed: 1, examples: 100, uncalibrated: scores },
    temperature: { value: 1.5, atBound: false },
    calibrated: { ...scores, nll: 0.45, ece: 0.02 },
  };
  assert.deepEqual(Object.fromEntries(metricsIn(JSON.stringify(evaluation))), {
    accuracy: 0.8,
    nll: 0.5,
    brier: 0.3,
    ece: 0.04,
    T: 1.5,
    "nll@T": 0.45,
    "brier@T": 0.3,
    "ece@T": 0.02,
  });
});

Deno.test("of any other stage they are the numbers at the top, and of what is no JSON there are none", () => {
  assert.deepEqual([...metricsIn('{"perplexity": 47.5, "objective": "x", "train": {"kept": 3}}')], [
    ["perplexity", 47.5],
  ]);
  for (const text of ["", "{", "null", "[]", '"text"', '{"uncalibrated": null}', '{"uncalibrated": [1]}']) {
    assert.deepEqual([...metricsIn(text)].filter(([name]) => name !== "0"), [], text);
  }
});
