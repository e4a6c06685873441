import assert from "node:assert/strict";
import { slicesOf } from "../../src/report/slices.ts";
import { rounded, sampleTraining } from "./sample.ts";

const classes = ["bad", "good"];

Deno.test("each class: how many of its texts are found, and how right and sure those are that are given it", () => {
  const { rows, training } = sampleTraining("x", [0, 0, 1, 1, 1], [0.2, 0.9, 0.8, 0.7, 0.4]);
  assert.deepEqual(rounded(slicesOf(training, rows, classes).classes), [
    // Given to rows 0 and 4, with 0.8 and 0.6: the deviation is the root of (0.16 + 0.24) / 2 / 2.
    {
      name: "bad",
      texts: 2,
      found: 0.5,
      given: { examples: 2, accuracy: 0.5, confidence: 0.7, chance: 0.632456 },
    },
    // Given to rows 1, 2 and 3: the root of (0.09 + 0.16 + 0.21) / 3 / 3, twice.
    {
      name: "good",
      texts: 3,
      found: 0.666667,
      given: { examples: 3, accuracy: 0.666667, confidence: 0.8, chance: 0.452155 },
    },
  ]);
});

Deno.test("a class that is given to no text, or has none, has no figures", () => {
  const { rows, training } = sampleTraining("x", [0, 0], [0.2, 0.3]);
  const [bad, good] = slicesOf(training, rows, classes).classes;
  assert.deepEqual([bad.found, good.found, good.given], [1, null, null]);
});

Deno.test("texts are parted at the quartiles of their lengths; those of one length stay together", () => {
  const eight = sampleTraining("x", [0, 0, 0, 0, 0, 0, 0, 0], Array(8).fill(0.1));
  const spans = (of: typeof eight) =>
    slicesOf(of.training, of.rows, classes).lengths.map(({ shortest, longest, examples }) => [
      shortest,
      longest,
      examples,
    ]);
  assert.deepEqual(spans(eight), [[1, 2, 2], [3, 4, 2], [5, 6, 2], [7, 8, 2]]);
  const alike = { ...eight, rows: eight.rows.map((row) => ({ ...row, text: "𝒶bc", pair: "d" })) };
  assert.deepEqual(spans(alike), [[4, 4, 8]]);
});
