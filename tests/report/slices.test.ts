import assert from "node:assert/strict";
import type { FirstTraining } from "../../src/report/first_trainings.ts";
import { slicesOf } from "../../src/report/slices.ts";
import { surestMistakes } from "../../src/report/mistakes.ts";
import { sampleEvaluation } from "./sample.ts";

const classes = ["bad", "good"];

/** Texts of a, aa, aaa, … and a training that gives the second class these probabilities. */
function predicted(variant: string, labels: readonly number[], probabilities: readonly number[]) {
  const rows = labels.map((label, row) => ({ id: `r${row}`, text: "a".repeat(row + 1), label }));
  const training: FirstTraining = {
    folder: variant,
    evaluation: sampleEvaluation(variant),
    dev2: {
      ids: rows.map(({ id }) => id),
      labels: Int32Array.from(labels),
      logits: Float64Array.from(probabilities.flatMap((p) => [0, Math.log(p / (1 - p))])),
      classes: 2,
    },
    noise: undefined,
  };
  return { rows, training };
}

const rounded = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (_, part) => typeof part === "number" ? Number(part.toFixed(6)) : part));

Deno.test("each class: how many of its texts are found, and how right and sure those are that are given it", () => {
  const { rows, training } = predicted("x", [0, 0, 1, 1, 1], [0.2, 0.9, 0.8, 0.7, 0.4]);
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
  const { rows, training } = predicted("x", [0, 0], [0.2, 0.3]);
  const [bad, good] = slicesOf(training, rows, classes).classes;
  assert.deepEqual([bad.found, good.found, good.given], [1, null, null]);
});

Deno.test("texts are parted at the quartiles of their lengths; those of one length stay together", () => {
  const eight = predicted("x", [0, 0, 0, 0, 0, 0, 0, 0], Array(8).fill(0.1));
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

Deno.test("the surest mistake of any variant comes first, with all variants that make it", () => {
  const one = predicted("one", [0, 1, 0], [0.9, 0.45, 0.1]);
  const other = predicted("other", [0, 1, 0], [0.95, 0.8, 0.2]);
  const mistakes = surestMistakes([one.training, other.training], one.rows, classes, { showTexts: true });
  assert.deepEqual(rounded(mistakes), [
    {
      id: "r0",
      text: "a",
      label: "bad",
      answers: [
        { variant: "other", predicted: "good", confidence: 0.95 },
        { variant: "one", predicted: "good", confidence: 0.9 },
      ],
    },
    {
      id: "r1",
      text: "aa",
      label: "good",
      answers: [{ variant: "one", predicted: "bad", confidence: 0.55 }],
    },
  ]);
  const voted = one.rows.map((row) => ({ ...row, votes: 0.3 }));
  const [first] = surestMistakes([one.training], voted, classes, { showTexts: false });
  assert.deepEqual([first.text, first.votes], [undefined, 0.7]); // the label is the first class
});
