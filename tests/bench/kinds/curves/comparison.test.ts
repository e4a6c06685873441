import assert from "node:assert/strict";
import {
  differencesOf,
  isWithin,
  type RunFigures,
  scatter,
  smoothed,
  tolerances,
} from "../../../../bench/kinds/curves/comparison.ts";

const run = (losses: readonly number[]): RunFigures => ({ losses, nll: 0.5, accuracy: 0.8 });
const flat = run(Array.from({ length: 200 }, () => 0.7));

Deno.test("one step that is off shows as the largest difference, and less in the means", () => {
  const other = { ...run(flat.losses.with(100, 0.9)), nll: 0.4, accuracy: 0.81 };
  const rounded = Object.entries(differencesOf(flat, other)).map(([name, value]) => [name, value.toFixed(6)]);
  assert.deepEqual(Object.fromEntries(rounded), {
    largest: "0.200000",
    rootMeanSquare: (0.2 / Math.sqrt(200)).toFixed(6),
    smoothed: "0.010000",
    nll: "0.100000",
    accuracy: "0.010000",
  });
});

Deno.test("a loss that drifts away from another's is not the same but for rounding, nor is one that got lost", () => {
  const drifting = run(flat.losses.map((loss, step) => loss + 0.005 * step / 200));
  assert.ok(isWithin(differencesOf(flat, flat), tolerances.float32));
  assert.ok(!isWithin(differencesOf(flat, drifting), tolerances.float32));
  assert.ok(isWithin(differencesOf(flat, drifting), tolerances.bfloat16));
  assert.ok(!isWithin(differencesOf(flat, run(flat.losses.with(7, NaN))), tolerances.bfloat16));
});

Deno.test("losses are smoothed over twenty steps, or over all where they are fewer", () => {
  assert.deepEqual(smoothed(Array.from({ length: 22 }, (_, step) => step)), [9.5, 10.5, 11.5]);
  assert.deepEqual(smoothed([1, 2, 6]), [3]);
});

Deno.test("the scatter of losses that go up and down by one about their mean is about one, whatever their trend", () => {
  const losses = Array.from({ length: 1000 }, (_, step) => 0.001 * step + (step % 4 < 2 ? 1 : -1));
  assert.ok(Math.abs(scatter(losses) - 1) < 0.01);
});
