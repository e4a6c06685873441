import assert from "node:assert/strict";
import { measuredText } from "../../../src/cli/metrics/text.ts";
import { fitCalibrator } from "../../../src/calibration/calibrators/fit.ts";
import { calibratedPredictions } from "../../calibration/synthetic.ts";

Deno.test("what a calibrator's file says of itself can do nothing to a terminal", () => {
  const fitted = fitCalibrator("temperature", calibratedPredictions(50, 2));
  const calibrator = { ...fitted, summary: "T = 1\x1b]0;owned\x07", note: "a\x1b[2J\nb" };
  const text = measuredText({
    name: "a.jsonl",
    n: 50,
    classes: 2,
    figures: { nll: 1 },
    calibrator,
    warning: undefined,
  });
  assert.ok(text.includes("(T = 1\\u001b]0;owned\\u0007)"), text);
  assert.ok(text.includes("Note: a\\u001b[2J\\u000ab."), text);
});
