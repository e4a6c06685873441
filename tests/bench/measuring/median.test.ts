import assert from "node:assert/strict";
import { median } from "../../../bench/measuring/median.ts";

Deno.test("the median of an even number of values lies between the middle two", () => {
  assert.equal(median([4, 1, 3]), 3);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});
