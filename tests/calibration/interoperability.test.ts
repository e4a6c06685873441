/** Figures beside those of others' libraries, from PyPI, on random and adversarial predictions. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  calibrationError,
  type CalibrationErrorOptions,
  classwiseCalibrationError,
} from "../../src/calibration/metrics/calibration_error.ts";
import type { Forecasts } from "../../src/calibration/predictions/forecasts.ts";
import { figureNames, measureFigures } from "../../src/calibration/metrics/figures.ts";
import { detection } from "../../src/calibration/metrics/out_of_distribution.ts";
import { aurc } from "../../src/calibration/metrics/rank_curves.ts";
import { rankDescending, tallyRanks } from "../../src/calibration/metrics/ranks.ts";
import { topLabel } from "../../src/calibration/metrics/top_label.ts";
import { askPython } from "../python.ts";
import { adversarial, random } from "./interoperability_cases.ts";
import { python } from "./witnesses.ts";

/**
 * A Python that has torchmetrics, netcal and torch-uncertainty, which take gigabytes and so aren't installed
 * here.
 */
const pythonWithTorch = Deno.env.get("CALIBRANT_TORCH_PYTHON");

const cases = [...random, ...adversarial];

/** By the name that docs/metrics.md gives to a figure. */
function figuresOf(forecasts: Forecasts): Readonly<Record<string, number>> {
  const { probabilities, labels, classes } = forecasts;
  const { confidences, correct } = topLabel(probabilities, labels, classes);
  const topLabelError = (options: CalibrationErrorOptions) => calibrationError(confidences, correct, options);
  const ofRightAnswers = (right: 0 | 1) => confidences.filter((_, i) => correct[i] === right);
  return {
    ...measureFigures(forecasts, figureNames)(),
    "ece, l2": topLabelError({ norm: "l2" }),
    "ece, equal mass": topLabelError({ binning: "mass" }),
    "ece, [a, b)": topLabelError({ edge: "left" }),
    "ece, [a, b), l2": topLabelError({ edge: "left", norm: "l2" }),
    "mce, [a, b)": topLabelError({ edge: "left", norm: "max" }),
    "ece_classwise, l2": classwiseCalibrationError(probabilities, labels, classes, { norm: "l2" })(),
    "aurc, trapezoid": aurc(tallyRanks(rankDescending(confidences), correct), "trapezoid"),
    // Right answers take the place of texts of the distribution, and wrong ones that of others.
    ...detection(ofRightAnswers(1), ofRightAnswers(0))(),
  };
}

/**
 * The largest difference of each figure of each library, by both names as a row of docs/metrics.md begins.
 */
async function largestDifferences(python: string, script: string): Promise<ReadonlyMap<string, number>> {
  const lines = cases.map(({ classes, labels, probabilities }) => {
    const probs = Array.from(labels, (_, i) => [...probabilities.subarray(i * classes, (i + 1) * classes)]);
    return `${JSON.stringify({ labels: [...labels], probs })}\n`;
  });
  const answer = await askPython(python, new URL(script, import.meta.url), [], lines.join(""));
  const theirs = answer as readonly Record<string, Record<string, number | null>>[];
  const largest = new Map<string, number>();
  cases.forEach((forecasts, index) => {
    const ours = figuresOf(forecasts);
    for (const [library, figures] of Object.entries(theirs[index])) {
      for (const [name, figure] of Object.entries(figures)) {
        const row = `${name} by ${library}`;
        if (figure === null) assert.ok(Number.isNaN(ours[name]), `${row}, case ${index}: ${ours[name]}`);
        else largest.set(row, Math.max(largest.get(row) ?? 0, Math.abs(ours[name] - figure)));
      }
    }
  });
  return largest;
}

/** What docs/metrics.md says that the differences are at the most: of the table below a heading. */
function allowedDifferences(heading: string): ReadonlyMap<string, number> {
  const text = readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8");
  const section = text.split(/^#+ /m).find((part) => part.startsWith(heading)) ?? "";
  return new Map(
    Array.from(
      section.matchAll(/^\| `(\w+)`(.*?) +\| ([\w-]+) [\d.]+ +\| .*\| +([\de.-]+) \|$/gm),
      ([, figure, form, library, bound]) => [`${figure}${form} by ${library}`, Number(bound)] as const,
    ),
  );
}

async function checkDifferences(python: string, script: string, heading: string): Promise<void> {
  const found = await largestDifferences(python, script);
  const allowed = allowedDifferences(heading);
  assert.deepEqual([...allowed.keys()].sort(), [...found.keys()].sort());
  for (const [row, difference] of found) {
    assert.ok(difference <= allowed.get(row)!, `${row} differs by ${difference}`);
  }
}

Deno.test({
  name: "no figure differs from another library's by more than docs/metrics.md says",
  ignore: !python,
  fn: () => checkDifferences(python!, "interoperability.py", "Beside other libraries"),
});

Deno.test({
  name:
    "nor from those of libraries that need PyTorch, where CALIBRANT_TORCH_PYTHON names a Python with them",
  ignore: !pythonWithTorch,
  fn: () => checkDifferences(pythonWithTorch!, "interoperability_torch.py", "Libraries that need PyTorch"),
});
