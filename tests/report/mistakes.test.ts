import assert from "node:assert/strict";
import { surestMistakes } from "../../src/report/mistakes.ts";
import { rounded, sampleTraining } from "./sample.ts";

const classes = ["bad", "good"];

Deno.test("the surest mistake of any variant comes first, with all variants that make it", () => {
  const one = sampleTraining("one", [0, 1, 0], [0.9, 0.45, 0.1]);
  const other = sampleTraining("other", [0, 1, 0], [0.95, 0.8, 0.2]);
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
