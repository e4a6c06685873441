import assert from "node:assert/strict";
import {
  formatCount,
  formatDecimal,
  formatScore,
  formatShare,
  formatSpread,
} from "../../src/report/format.ts";

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
