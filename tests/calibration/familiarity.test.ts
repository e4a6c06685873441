import assert from "node:assert/strict";
import { familiarityAmong } from "../../src/calibration/familiarity.ts";
import { randomStream } from "../../src/random.ts";

Deno.test("the quantile is the share of energies that are at most as high", () => {
  const { quantile } = familiarityAmong([3, 1, 2, 2])(2);
  assert.equal(quantile, 0.75);
  assert.deepEqual([0, 9].map((energy) => familiarityAmong([3, 1, 2, 2])(energy).quantile), [0, 1]);
});

Deno.test("of familiar texts at most 1 % are called unfamiliar, and texts of another kind mostly are", () => {
  const random = randomStream(1, "energies");
  const normal = (n: number, mean: number) => Array.from({ length: n }, () => mean + random.normal());
  const shares = (mean: number) => {
    let alarms = 0;
    for (let draw = 0; draw < 200; draw++) {
      const familiarity = familiarityAmong(normal(300, 0));
      alarms += normal(100, mean).filter((energy) => familiarity(energy).unfamiliar).length;
    }
    return alarms / 20_000;
  };
  const falseAlarms = shares(0);
  // With 300 texts the p-value is at most 1 % for the three highest ranks of 301.
  assert.ok(Math.abs(falseAlarms - 3 / 301) < 0.003, String(falseAlarms));
  assert.ok(shares(5) > 0.95);
});

Deno.test("with fewer than 99 texts nothing can be called unfamiliar", () => {
  const of = (n: number) => familiarityAmong(Array.from({ length: n }, (_, i) => i))(1e9).unfamiliar;
  assert.deepEqual([of(98), of(99)], [false, true]);
});
