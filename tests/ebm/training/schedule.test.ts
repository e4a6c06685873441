import assert from "node:assert/strict";
import { batches } from "../../../src/ebm/training/batches.ts";
import { learningRate, remainingWeight } from "../../../src/ebm/training/schedule.ts";
import { randomStream } from "../../../src/random.ts";

const schedule = { peak: 1e-3, warmupSteps: 4, steps: 10 };

Deno.test("the learning rate rises linearly to its peak and falls linearly towards 0", () => {
  const rates = Array.from({ length: 10 }, (_, index) => learningRate(schedule, index + 1));
  assert.deepEqual(rates.slice(0, 4), [0.25e-3, 0.5e-3, 0.75e-3, 1e-3]);
  const falls = rates.slice(3).map((rate, index, all) => index === 0 ? 0 : all[index - 1] - rate).slice(1);
  for (const fall of falls) assert.ok(Math.abs(fall - 1e-3 / 7) < 1e-12);
  assert.ok(rates[9] > 0);
});

Deno.test("a weight without gradients keeps the product of what each step's decay leaves", () => {
  for (const steps of [1, 6, 10]) {
    const expected = Array.from({ length: steps }, (_, index) => 1 - 0.1 * learningRate(schedule, index + 1))
      .reduce((a, b) => a * b);
    assert.equal(remainingWeight(schedule, 0.1, steps), expected);
  }
});

Deno.test("batches go through all indices once a pass, in a new order each time", () => {
  const generator = batches(5, 2, randomStream(1, "test"));
  const drawn = Array.from({ length: 10 }, () => generator.next().value).flat();
  const passes = [0, 5, 10, 15].map((start) => drawn.slice(start, start + 5));
  for (const pass of passes) assert.deepEqual(pass.toSorted(), [0, 1, 2, 3, 4]);
  assert.notDeepEqual(passes[0], passes[1]);
});
