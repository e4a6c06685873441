import assert from "node:assert/strict";
import { cutTexts, fewSamples, repeatedNoise } from "../../src/data/training_warnings.ts";

Deno.test("texts that are cut are counted, with the first as an example of moderate length", () => {
  const rows = ["short", "x".repeat(5000), "y".repeat(300)].map((text, index) => ({
    id: `a.tsv:${index}`,
    text,
  }));
  assert.deepEqual(cutTexts(rows, 128, ({ text }) => text.length > 128), [
    "warning: 2 of 3 texts have more than 128 tokens (maxTokens) and are cut; " +
    `for example "${"x".repeat(79)}…" at "a.tsv:1"`,
  ]);
  assert.deepEqual(cutTexts(rows, 128, (_, index) => index > 2), []);
});

Deno.test("that fewer than half of the noise samples were kept is warned about", () => {
  assert.deepEqual(fewSamples("train", { drawn: 600, kept: 32 }, 64), [
    "warning: 32 of 600 samples for train were kept, since the others are no text or pair, or don't end within 64 " +
    "tokens; train the noise model for more steps, or raise sample-noise's maxTokens",
  ]);
  assert.deepEqual(fewSamples("train", { drawn: 600, kept: 300 }, 64), []);
});

Deno.test("noise that is seen again, and more often than the data, is warned about with both numbers", () => {
  const ofStep = { data: 16, noise: 32 };
  assert.deepEqual(repeatedNoise(ofStep, { data: 2000, noise: 1600 }, 500), [
    "warning: each noise text is seen 10.0 times, each text of the data 4.0 times; raise sample-noise's " +
    "samplesPerText for noise that is fresh",
  ]);
  assert.deepEqual(repeatedNoise(ofStep, { data: 2000, noise: 4000 }, 500), []); // 4 times each
  assert.deepEqual(repeatedNoise(ofStep, { data: 2000, noise: 1600 }, 50), []); // 1.0 times, the data less often
});
