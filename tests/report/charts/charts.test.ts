import assert from "node:assert/strict";
import { curvesChart } from "../../../src/report/charts/curves.ts";
import { confidenceChart, energyChart, riskCoverageChart } from "../../../src/report/charts/distributions.ts";
import { chartFile } from "../../../src/report/charts/file.ts";
import { intervalsChart } from "../../../src/report/charts/intervals.ts";
import { gradientChart, lossChart } from "../../../src/report/charts/losses.ts";
import { commonFrame, reliabilityDiagram, withinFrame } from "../../../src/report/charts/reliability.ts";
import { reliabilityOverlay } from "../../../src/report/charts/reliability_overlay.ts";
import { seriesOf } from "../../../src/report/charts/series.ts";
import { setsChart } from "../../../src/report/charts/sets.ts";
import { voteChart } from "../../../src/report/charts/votes.ts";
import { distributionsOf } from "../../../src/report/distributions.ts";
import type { Chart } from "../../../src/report/document.ts";
import { assertWellFormed } from "../../well_formed.ts";
import { sampleComparison, sampleEnergy, sampleEvaluation, sampleResults } from "../sample.ts";

const hostile = "<script>alert(1)</script> & \"q\" 'a'";

const frame = { lowestConfidence: 0.5, lowestAccuracy: 0.5, largestCount: 100 };

/** Two points of a training with an energy. */
const losses = [
  { step: 8, loss: 0.8, crossEntropy: 0.7, noiseContrast: 1, crossEntropyNorm: 2, noiseContrastNorm: 5 },
  { step: 24, loss: 0.6, crossEntropy: 0.5, noiseContrast: 1, crossEntropyNorm: 1, noiseContrastNorm: 10 },
];

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
    reliabilityOverlay(distributions, "baseline", frame),
    lossChart([...comparison.losses, { variant, points: losses }], "baseline")!,
    gradientChart([{ variant, points: losses }])!,
    voteChart(distributions)!,
    setsChart(["dev2", variant].map((name) => ({ name, ...comparison })), "baseline"),
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
  assert.equal(lossChart([{ variant: "scalar", points: losses.slice(1) }], "baseline"), undefined);
  assert.equal(gradientChart(sampleComparison(evaluations).losses), undefined); // one term has all of it
});

Deno.test("where nothing varies, all coordinates are numbers", () => {
  const [logits, labels, ids] = [Float64Array.of(50, -50, -50, 50), Int32Array.of(0, 1), ["r0", "r1"]];
  const predictions = { ids, labels, logits, classes: 2, energies: Float64Array.of(1, 1) };
  const certain = distributionsOf(sampleEvaluation("scalar"), predictions, Float64Array.of(1));
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
    const { svg } = reliabilityDiagram("test", { bins: [{ ...bin, accuracy }], curve: [] }, frame);
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
  const { svg } = reliabilityDiagram("test", { bins: [bin, last], curve: [] }, commonFrame([[bin, last]]));
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  for (const [, size] of svg.matchAll(/(?:width|height)="(.*?)"/g)) assert.ok(Number(size) >= 0, size);
});

Deno.test("a reliability curve is cut where it enters the frame from below", () => {
  const curve = [[0.5, 0], [0.6, 0.4], [0.7, 0.6], [1, 1]].map(([confidence, accuracy]) => ({
    confidence,
    accuracy,
  }));
  const [first, ...others] = withinFrame(curve, frame);
  assert.deepEqual([first.confidence.toFixed(12), first.accuracy], ["0.650000000000", 0.5]);
  assert.deepEqual(others, curve.slice(2));
  assert.deepEqual(withinFrame(curve, { ...frame, lowestAccuracy: 0 }), curve);
  assert.deepEqual(withinFrame(curve.slice(0, 2), frame), []);
});

Deno.test("of many variants in one drawing no two have the same line or the same dots, and the reference is apart", () => {
  const names = Array.from({ length: 21 }, (_, at) => `variant ${at}`);
  for (const trait of ["strokeDasharray", "symbol"] as const) {
    const looks = new Set(seriesOf(names, "variant 3").map((one) => `${one.stroke} ${one[trait]}`));
    assert.equal(looks.size, names.length);
  }
  assert.match(seriesOf(names, "variant 3")[3].stroke, /reference/);
});

Deno.test("the texts for those who can't see a drawing hold its numbers", () => {
  const [, , , , , overlay, loss, gradient, votes, sets] = chartsOf("scalar").map(({ panels }) =>
    panels[panels.length - 1].drawing.svg.match(/aria-label="(.*?)"/)![1]
  );
  assert.equal(
    overlay,
    "Reliability curves, after temperature. Right at a confidence of 0.90: baseline: 85.0 %; scalar: 85.0 %",
  );
  assert.equal(
    loss,
    "Loss of scalar by step: class loss 0.700 at step 8, 0.500 at step 24; noise contrast 1.000 at step 8, 1.000 at step 24",
  );
  assert.equal(
    gradient,
    "Share of noise contrast in the gradient of scalar: 20.0 % at step 8, 50.0 % at step 24",
  );
  assert.match(votes, /people who agree: confidence 62\.0 %, people 55\.0 % \(15 texts\); /);
  assert.match(sets, /^NLL on each set, after temperature: dev2, baseline: 0\.401 \(0\.391 to 0\.411\); /);
});
