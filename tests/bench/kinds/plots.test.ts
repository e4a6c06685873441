import assert from "node:assert/strict";
import { curvePlot } from "../../../bench/kinds/curves/plot.ts";
import { growthPlot } from "../../../bench/kinds/growth/plot.ts";
import { assertWellFormed } from "../../well_formed.ts";

Deno.test("the same factor is the same distance in all panels of growth", () => {
  const svg = growthPlot([
    { name: "tokens", exponent: 2, points: [[16, 10], [32, 40]] },
    { name: "rows", exponent: 1, points: [[1, 5], [2, 10], [4, 20]] },
  ]);
  assertWellFormed(svg);
  const dots = [...svg.matchAll(/<circle r="3" cy="(.*?)" cx="(.*?)"/g)].map((
    [, y, x],
  ) => [Number(x), Number(y)]);
  const step = (from: number, to: number) => [dots[to][0] - dots[from][0], dots[from][1] - dots[to][1]];
  const [tokens, rows] = [step(0, 1), step(2, 3)];
  assert.ok(Math.abs(tokens[0] - rows[0]) < 0.05); // both double
  assert.ok(Math.abs(tokens[1] - 2 * rows[1]) < 0.05); // a factor of 4 beside one of 2
});

Deno.test("losses that agree to the last digit have differences that can be drawn", () => {
  const names = ["PyTorch float32", "float32", "bf16"];
  const svg = curvePlot({
    losses: names.map((name) => ({ name, values: [2, 1.5, 1] })),
    differences: names.map((name) => ({ name, values: [0, 0.001, 0.01] })),
  });
  assertWellFormed(svg);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  for (const name of names) assert.ok(svg.includes(`>${name}</text>`), name);
});
