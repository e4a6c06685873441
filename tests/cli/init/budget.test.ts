import assert from "node:assert/strict";
import { budgetFor } from "../../../src/cli/init/budget.ts";

const lengths = Array.from({ length: 100 }, (_, index) => index + 1); // 99 of 100 texts have up to 99 tokens
const usual = { rows: 8000, classes: 2, lengths, cores: 4, hasBfloat16: true };

Deno.test("texts are gone through five times, with noise that is fresh each time", () => {
  assert.deepEqual(budgetFor(usual), {
    batchSize: 16,
    steps: 2500,
    warmupSteps: 150,
    epochs: 5,
    maxTokens: 104,
    cut: 0,
    noiseSteps: 500,
    samplesPerText: 6,
    precision: "bfloat16",
    cpu: 4,
  });
});

Deno.test("few rows, many classes and many rows have bounds of their own", () => {
  assert.equal(budgetFor({ ...usual, rows: 100 }).steps, 100);
  assert.equal(budgetFor({ ...usual, rows: 500, classes: 150 }).steps, 1500);
  const many = budgetFor({ ...usual, rows: 1_000_000 });
  assert.deepEqual([many.steps, many.epochs, many.samplesPerText, many.noiseSteps], [10_000, 0.16, 1, 1000]);
});

Deno.test("the longest texts are cut, and the prefix and the text fit into the encoder's 512 positions", () => {
  const { maxTokens, cut } = budgetFor({ ...usual, lengths: [10, 20, 300, 900] });
  assert.deepEqual([maxTokens, cut], [248, 0.5]);
  assert.ok(maxTokens + 1 + maxTokens + 2 <= 512);
});

Deno.test("the machine decides on precision and cores", () => {
  const { precision, cpu } = budgetFor({ ...usual, cores: 64, hasBfloat16: false });
  assert.deepEqual([precision, cpu], ["float32", 8]);
});
