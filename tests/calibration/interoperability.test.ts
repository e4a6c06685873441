/** The default metrics beside those of others' libraries, from PyPI, on random and adversarial predictions. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { forecastsFromProbabilities } from "../../src/calibration/forecasts.ts";
import { defaultMetrics, type MetricName } from "../../src/calibration/metrics.ts";
import { softmax } from "../../src/calibration/softmax.ts";
import { askPython, pythonWith } from "../python.ts";
import { calibratedPredictions } from "./synthetic.ts";

const python = await pythonWith(["scikit-learn==1.9.1", "relplot==1.0.3"]);

interface Case {
  readonly classes: number;
  readonly labels: Int32Array;
  readonly probabilities: Float64Array;
}

/** Calibrated predictions, then sharpened or blurred, then some of them rounded so that confidences are equal. */
const random = [2, 3, 10].flatMap((classes) =>
  [0.3, 1, 4].flatMap((sharpness) =>
    [false, true].map((rounded): Case => {
      const { labels, logits } = calibratedPredictions(1500, classes, 10 * classes + sharpness);
      const scaled = logits.map((logit) => rounded ? Math.round(sharpness * logit) : sharpness * logit);
      return { classes, labels, probabilities: softmax(scaled, classes) };
    })
  )
);

const adversarial: readonly Case[] = [
  { classes: 2, labels: Int32Array.of(0), probabilities: Float64Array.of(0.7, 0.3) },
  { classes: 2, labels: Int32Array.of(0, 1, 1), probabilities: Float64Array.of(1, 0, 0, 1, 0, 1) },
  { classes: 2, labels: Int32Array.of(1, 0, 1, 0), probabilities: new Float64Array(8).fill(0.5) },
  // Nearly certain, and always wrong.
  {
    classes: 3,
    labels: Int32Array.of(1, 2, 0),
    probabilities: Float64Array.of(1 - 2e-9, 1e-9, 1e-9, 1e-9, 1 - 2e-9, 1e-9, 1e-9, 1e-9, 1 - 2e-9),
  },
  // On edges of bins, which float64 holds exactly.
  {
    classes: 2,
    labels: Int32Array.of(0, 1, 1),
    probabilities: Float64Array.of(0.75, 0.25, 0.5, 0.5, 0.25, 0.75),
  },
];

/** What docs/metrics.md says that the largest difference is. */
const bounds = new Map(
  Array.from(
    readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8")
      .matchAll(/^\| `(\w+)` .*\| +([\de.-]+) \|$/gm),
    ([, name, bound]) => [name as MetricName, Number(bound)] as const,
  ),
);

Deno.test(
  {
    name: "no figure differs from scikit-learn's and relplot's by more than docs/metrics.md says",
    ignore: !python,
  },
  async () => {
    const cases = [...random, ...adversarial];
    const lines = cases.map(({ classes, labels, probabilities }) => {
      const probs = Array.from(labels, (_, i) => [...probabilities.subarray(i * classes, (i + 1) * classes)]);
      return `${JSON.stringify({ labels: [...labels], probs })}\n`;
    });
    const script = new URL("interoperability.py", import.meta.url);
    const theirs = await askPython(python!, script, [], lines.join("")) as readonly Record<
      MetricName,
      number | null
    >[];
    const largest = new Map<MetricName, number>();
    cases.forEach(({ classes, labels, probabilities }, index) => {
      const ours = defaultMetrics(forecastsFromProbabilities(probabilities, labels, classes))();
      for (const [name, figure] of Object.entries(theirs[index]) as [MetricName, number | null][]) {
        if (figure === null) assert.ok(Number.isNaN(ours[name]), name);
        else largest.set(name, Math.max(largest.get(name) ?? 0, Math.abs(ours[name] - figure)));
      }
    });
    assert.deepEqual([...bounds.keys()].sort(), [...largest.keys()].sort());
    for (const [name, difference] of largest) {
      assert.ok(difference <= bounds.get(name)!, `${name} differs by ${difference}`);
    }
  },
);
