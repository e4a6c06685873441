import assert from "node:assert/strict";
import { noisePool } from "../../../src/ebm/classifier/noise_pool.ts";

const texts = Array.from({ length: 10 }, (_, index) => index);
const options = { file: "noise/train.jsonl", ofStep: 6 };

Deno.test("noise is held out at equal distances, and training draws from the rest in its order", () => {
  const held = (count: number) => {
    const { pool, heldOut } = noisePool(texts, count, options);
    return { pool: Array.from({ length: pool.length }, (_, index) => pool.at(index)), heldOut };
  };
  assert.deepEqual(held(0), { pool: texts, heldOut: [] });
  assert.deepEqual(held(4), { pool: [1, 3, 4, 6, 8, 9], heldOut: [0, 2, 5, 7] });
});

Deno.test("a pool smaller than a step's noise is refused with its place", () => {
  assert.throws(() => noisePool(texts, 5, options), {
    name: "InputError",
    message:
      "noise/train.jsonl: found 10 noise texts, of which heldOutNoise takes 5, expected at least 6 to " +
      "draw from, as many as a step takes (noiseRatio times the texts of a batch)\n" +
      "  Raise sample-noise's samplesPerText, or lower finetune's heldOutNoise, batchSize or noiseRatio.",
  });
  assert.throws(() => noisePool(texts.slice(5), 0, options), /found 5 noise texts, expected at least 6/);
});
