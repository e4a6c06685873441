import assert from "node:assert/strict";
import {
  formatCount,
  formatDecimal,
  formatInterval,
  formatScore,
  formatShare,
  formatSpread,
} from "../../src/report/format.ts";
import { figuresAsJson, figureSchema } from "../../src/report/json.ts";

Deno.test("counts have a comma at every thousand", () => {
  assert.deepEqual([0, 999, 1000, 12345, 2000000].map(formatCount), [
    "0",
    "999",
    "1,000",
    "12,345",
    "2,000,000",
  ]);
});

Deno.test("shares are percentages with one decimal", () => {
  assert.deepEqual([0, 0.8153, 1].map(formatShare), ["0.0 %", "81.5 %", "100.0 %"]);
});

Deno.test("a negative number has a true minus sign, and a zero has none", () => {
  assert.deepEqual([-2.315, -0.001, 0].map((value) => formatDecimal(value, 2)), ["−2.31", "0.00", "0.00"]);
});

Deno.test("scores have three decimals, a mean stands beside its deviation", () => {
  assert.equal(formatScore(0.05249), "0.052");
  assert.equal(formatSpread(-1.5, 0.25, 1), "−1.5 ± 0.3");
});

Deno.test("an infinite figure is one, and an undefined one is a dash", () => {
  assert.deepEqual([Infinity, -Infinity, NaN, null].map(formatScore), ["∞", "−∞", "–", "–"]);
  assert.equal(formatInterval({ value: Infinity, low: 0.5, high: Infinity }, formatScore), "∞ (0.500 to ∞)");
  assert.equal(formatInterval({ value: Infinity, low: NaN, high: NaN }, formatScore), "∞");
});

Deno.test("figures are the same after JSON has held them", () => {
  const figures = [0.5, Infinity, -Infinity, NaN];
  const read = JSON.parse(figuresAsJson(figures)).map((figure: unknown) => figureSchema.parse(figure));
  assert.deepEqual(read, [0.5, Infinity, -Infinity, null]);
});
