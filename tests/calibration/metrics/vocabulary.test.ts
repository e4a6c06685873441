/** The figures, as docs/metrics.md explains them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { figureNames, figures, usualFigures } from "../../../src/calibration/metrics/figures.ts";
import { vocabulary } from "../../../src/calibration/metrics/vocabulary.ts";

const page = readFileSync(new URL("../../../docs/metrics.md", import.meta.url), "utf8");
const section = page.split(/^## /m).find((part) => part.startsWith("Figures"))!;
const documented = Array.from(
  section.matchAll(/^\| `(\w+)` +\| ([↑↓ ]) +\| .* \| (\S+) +\| .* \|$/gm),
  ([, name, arrow, range]) => ({ name, arrow, range }),
);

Deno.test("docs/metrics.md has every figure in its order, with its direction", () => {
  const arrows = { higher: "↑", lower: "↓" };
  assert.deepEqual(
    documented.map(({ name, arrow }) => [name, arrow]),
    Object.entries(vocabulary).map(([name, { better }]) => [name, better ? arrows[better] : " "]),
  );
});

Deno.test("docs/metrics.md has the range that each figure's interval is cut to", () => {
  const ranges = new Map(documented.map(({ name, range }) => [name, range]));
  const written = (bound: number) => bound === Infinity ? "∞" : String(bound).replace("-", "−");
  for (const [name, { range: [lowest, highest] }] of Object.entries(figures)) {
    assert.equal(ranges.get(name), `${written(lowest)}–${written(highest)}`, name);
  }
});

Deno.test("docs/metrics.md says which figures are measured with --all only", () => {
  const [, listed] = section.match(
    /The usual figures are measured by\s+default\.([^]*?)come\s+with\s+`--all`/,
  )!;
  const extra = figureNames.filter((name) => !usualFigures.some((usual) => usual === name));
  const named = Array.from(listed.matchAll(/`(\w+)`/g), ([, name]) => name);
  assert.deepEqual(named, extra.filter((name) => !name.startsWith("brier_")));
  assert.match(listed, /four\s+parts\s+of\s+the\s+Brier\s+score/);
  assert.equal(extra.length, named.length + 4);
});

Deno.test("each meaning is one phrase that ends with a full stop", () => {
  for (const [name, { meaning }] of Object.entries(vocabulary)) {
    assert.match(meaning, /^[A-Z].*[^.]\.$/, name);
  }
});
