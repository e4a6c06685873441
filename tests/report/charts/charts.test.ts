import assert from "node:assert/strict";
import { curvesChart } from "../../../src/report/charts/curves.ts";
import { confidenceChart, energyChart, riskCoverageChart } from "../../../src/report/charts/distributions.ts";
import { chartFile } from "../../../src/report/charts/file.ts";
import { intervalsChart } from "../../../src/report/charts/intervals.ts";
import { commonFrame, reliabilityDiagram } from "../../../src/report/charts/reliability.ts";
import { distributionsOf } from "../../../src/report/distributions.ts";
import type { Chart } from "../../../src/report/document.ts";
import { assertWellFormed } from "../../well_formed.ts";
import { sampleComparison, sampleEnergy, sampleEvaluation, sampleResults } from "../sample.ts";

const hostile = "<script>alert(1)</script> & \"q\" 'a'";

/** All charts of two variants, the second of which has an energy. */
function chartsOf(variant: string): readonly Chart[] {
  const evaluations = [sampleEvaluation("baseline"), sampleEvaluation(variant, { energy: sampleEnergy })];
  const { distributions } = sampleResults(evaluations);
  const points = [{ step: 100, nll: 0.6, ece: 0.04 }, { step: 200, nll: 0.5, ece: 0.05 }];
  const comparison = {
    ...sampleComparison(evaluations),
    curves: ["baseline", variant].map((name) => ({ variant: name, points })),
  };
  return [
    intervalsChart(comparison),
    riskCoverageChart(distributions, "baseline"),
    confidenceChart(distributions),
    energyChart(distributions)!,
    curvesChart(comparison)!,
  ];
}

Deno.test("a chart's file has literal colours and nothing that only a browser knows; it is the same each time", () => {
  for (const [index, chart] of chartsOf("scalar").entries()) {
    const file = chartFile(chart);
    assertWellFormed(file);
    assert.doesNotMatch(
      file,
      /NaN|undefined|Infinity|var\(|currentColor|<style|style=|class=|url\(|https?:(?!\/\/www\.w3\.org)/,
    );
    assert.equal(file, chartFile(chartsOf("scalar")[index]));
  }
});

Deno.test("names from data stay text, in drawings and in their descriptions", () => {
  for (const chart of chartsOf(hostile)) {
    const file = chartFile(chart);
    assertWellFormed(file);
    assert.doesNotMatch(file, /<script/);
    assert.match(file, /&lt;script&gt;/);
  }
});

Deno.test("a dot stands where its figure is on the axis, and what isn't a finite number has none", () => {
  const comparison = sampleComparison([sampleEvaluation("baseline"), sampleEvaluation("scalar")]);
  const [first, ...others] = comparison.standings;
  const infinite = { value: Infinity, low: 0.5, high: Infinity };
  const chart = intervalsChart({
    ...comparison,
    standings: [{ ...first, figures: { ...first.figures, nll: infinite } }, ...others],
  });
  const [, nll, ece] = chart.panels.map(({ drawing }) => drawing.svg);
  const titles = (svg: string) => [...svg.matchAll(/<title>(.*?)<\/title>/g)].map(([, title]) => title);
  assert.equal(titles(ece).length, 4);
  assert.equal(titles(nll).length, 3);
  assert.doesNotMatch(nll, /Infinity|NaN/);
  // Dots of 0.0525 are to the right of those of 0.0231, as many pixels as the axis says.
  const dots = [...ece.matchAll(/<circle [^>]*cx="(.*?)"/g)].map(([, x]) => Number(x));
  const ticks = [...ece.matchAll(/<text transform="translate\(([\d.]+),[\d.]+\)" y="0.71em">(0\.\d+)</g)]
    .map(([, x, value]) => [Number(x), Number(value)]);
  const [[x1, value1], [x2, value2]] = [ticks[0], ticks[ticks.length - 1]];
  const perUnit = (x2 - x1) / (value2 - value1);
  assert.ok(Math.abs(dots[0] - dots[1] - (0.0525 - 0.0231) * perUnit) < 0.05);
});

Deno.test("no energies, no chart of them; a single evaluated step is no curve", () => {
  const evaluations = [sampleEvaluation("baseline")];
  assert.equal(energyChart(sampleResults(evaluations).distributions), undefined);
  assert.equal(curvesChart(sampleComparison(evaluations)), undefined);
});

Deno.test("where nothing varies, all coordinates are numbers", () => {
  const [logits, labels, ids] = [Float64Array.of(50, -50, -50, 50), Int32Array.of(0, 1), ["r0", "r1"]];
  const predictions = { ids, labels, logits, classes: 2, energies: Float64Array.of(1, 1) };
  const certain = distributionsOf({ variant: "scalar", seed: 1 }, predictions, Float64Array.of(1));
  const zero = { value: 0, low: 0, high: 0 };
  const { standings, ...comparison } = sampleComparison([sampleEvaluation("scalar")]);
  const charts = [
    riskCoverageChart([certain], "scalar"),
    confidenceChart([certain]),
    energyChart([certain])!,
    intervalsChart({
      ...comparison,
      standings: standings.map((standing) => ({
        ...standing,
        ece_floor: { mean: 0, standardDeviation: 0 },
        figures: { accuracy: zero, nll: zero, ece: zero },
      })),
    }),
    curvesChart({
      reference: "scalar",
      curves: [{ variant: "scalar", points: [1, 2].map((step) => ({ step, nll: 0, ece: 0 })) }],
    })!,
  ];
  for (const chart of charts) assert.doesNotMatch(chartFile(chart), /NaN|undefined|Infinity/);
});

const bin = { lower: 0.75, upper: 0.8, count: 100, confidence: 0.78, accuracy: 0.6 };
const last = { lower: 0.95, upper: 1, count: 7, confidence: 1, accuracy: 1 };

Deno.test("reliability diagrams share a frame that holds all their points and the diagonal", () => {
  assert.deepEqual(commonFrame([[bin], [last]]), {
    lowestConfidence: 0.7,
    lowestAccuracy: 0.6,
    largestCount: 100,
  });
  // The diagonal starts at the lowest confidence, even where all accuracies are higher.
  assert.equal(commonFrame([[{ ...bin, accuracy: 0.9 }]]).lowestAccuracy, 0.7);
});

Deno.test("a calibrated bin's point lies on the diagonal, and a worse one below it", () => {
  const height = (accuracy: number) => {
    const frame = { lowestConfidence: 0.5, lowestAccuracy: 0.5, largestCount: 100 };
    const { svg } = reliabilityDiagram("test", [{ ...bin, accuracy }], frame);
    const read = (pattern: RegExp) => svg.match(pattern)!.slice(1).map(Number);
    const [x1, y1, x2, y2] = read(/stroke-dasharray="4 4".*?d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"/);
    const [y, x] = read(/<circle r="4" cy="(.*?)" cx="(.*?)"/);
    return y1 + (x - x1) / (x2 - x1) * (y2 - y1) - y;
  };
  assert.ok(Math.abs(height(0.78)) < 0.02);
  assert.ok(height(0.6) < -10);
  assert.ok(height(0.9) > 10);
});

Deno.test("all coordinates are numbers, in bins that are certain too", () => {
  const { svg } = reliabilityDiagram("test", [bin, last], commonFrame([[bin, last]]));
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  for (const [, size] of svg.matchAll(/(?:width|height)="(.*?)"/g)) assert.ok(Number(size) >= 0, size);
});
