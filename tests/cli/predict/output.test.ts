import assert from "node:assert/strict";
import { lineWriter, outputFormOf } from "../../../src/cli/predict/output.ts";

Deno.test("the columns of classes that are called by numbers are in the model's order", () => {
  const classes = ["-1", "0", "1"];
  const probs = Object.fromEntries([0.9, 0.08, 0.02].map((one, c) => [classes[c], one]));
  const row = { id: 1, label: "-1", probs, logits: [5, 0, -5], cut: false };
  const { header, line } = lineWriter("csv", classes);
  assert.equal(header(row), "id,label,prob_-1,prob_0,prob_1,logit_-1,logit_0,logit_1,cut\n");
  assert.equal(line(row), "1,-1,0.9,0.08,0.02,5,0,-5,false\n");
});

Deno.test("an output is CSV by its ending, however that is written", () => {
  assert.deepEqual(["a.csv", "A.CSV", "a.jsonl", "-"].map(outputFormOf), ["csv", "csv", "jsonl", "jsonl"]);
});
