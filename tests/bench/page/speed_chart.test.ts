import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { speedChart } from "../../../bench/page/speed_chart.ts";
import { formatted } from "../../../src/cli/results/formatted.ts";
import { assertWellFormed } from "../../well_formed.ts";

const read = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), "utf8");

Deno.test("the chart in the README is that of the figures in docs/benchmarks.md", async () => {
  const svg = speedChart(read("docs/benchmarks.md"));
  assert.ok(svg);
  assert.equal(read("docs/speed.svg"), await formatted(svg, "svg"));
});

Deno.test("a dot stands for each comparison in the same precision, at its factor, missed goals included", () => {
  const svg = speedChart(`
| step | float32 | float32 : float32 | bf16 : float32 | bf16 : bf16 |
| --- | ---: | ---: | ---: | ---: |
| a | 10 ms | 2.00× (≥ 1.5) | 9.00× | **1.00×** (≥ 1.5) |
| b | 10 ms | 4.00× | 9.00× | – |

| size | time |
| --- | ---: |
| 3 | 5.00× |
`);
  assert.ok(svg);
  assertWellFormed(svg);
  assert.doesNotMatch(svg, /var\(|NaN/);
  const dots = Array.from(svg.matchAll(/<circle [^>]*>/g), ([dot]) => Number(dot.match(/cx="(.*?)"/)?.[1]));
  const [one, two, four] = dots.toSorted((a, b) => a - b);
  assert.equal(dots.length, 3);
  assert.ok(
    Math.abs((four - two) - 2 * (two - one)) < 0.05,
    "along the axis, equal differences are equally long",
  );
  for (const name of ["step: a", "step: b"]) assert.ok(svg.includes(`>${name}</text>`), name);
});

Deno.test("a page without such figures has no chart", () => {
  assert.equal(speedChart("# Benchmarks\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n"), undefined);
});
