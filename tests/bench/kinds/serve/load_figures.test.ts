import assert from "node:assert/strict";
import { loadFigures } from "../../../../bench/kinds/serve/load_figures.ts";

Deno.test("loads of one server are taken together: requests of all seconds, and percentiles of all requests", () => {
  const upTo = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, index) => last - index);
  const figures = loadFigures([{ seconds: 2, milliseconds: upTo(1, 50) }, {
    seconds: 3,
    milliseconds: upTo(51, 101),
  }]);
  assert.equal(figures.rate, 101 / 5);
  assert.equal(figures.p50, 51);
  assert.equal(figures.p99, 100);
});
