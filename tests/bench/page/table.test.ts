import assert from "node:assert/strict";
import { beside, percent, ratio } from "../../../bench/page/table.ts";

Deno.test("a figure is in bold where its goal is missed, and where it isn't a number", () => {
  assert.deepEqual(beside(0.02, "≤", 0.02, percent), ["2.00 %", "≤ 2.00 %"]);
  assert.deepEqual(beside(0.03, "≤", 0.02, percent), ["**3.00 %**", "≤ 2.00 %"]);
  assert.deepEqual(beside(0.01, "≥", 0.02, percent), ["**1.00 %**", "≥ 2.00 %"]);
  assert.equal(beside(NaN, "≤", 0.02, percent)[0], "**NaN %**");
  assert.equal(beside(NaN, "≥", 0.02, percent)[0], "**NaN %**");
  assert.equal(ratio(1.35, 1.35), "1.35× (≥ 1.35)");
  assert.equal(ratio(1.3, 1.35), "**1.30×** (≥ 1.35)");
  assert.equal(ratio(NaN, 1.35), "**NaN×** (≥ 1.35)");
  assert.equal(ratio(1.3), "1.30×");
});
