import assert from "node:assert/strict";
import { labelOf } from "../../../src/cli/predict/label.ts";

const labelled = (label: unknown, classes: readonly string[]) =>
  labelOf({ value: { label }, at: { file: "a.csv", line: 2 }, bytes: 1 }, "label", classes);

Deno.test("a label is a class's name, or its number where names are words", () => {
  assert.equal(labelled("pos", ["neg", "pos"]), 1);
  for (const one of [1, "1"]) assert.equal(labelled(one, ["neg", "pos"]), 1);
  assert.equal(labelled(0, ["-1", "0", "1"]), 1);
  assert.equal(labelled("1", ["0", "1"]), 1);
});

Deno.test("a number that is no class's name is refused where names are numbers", () => {
  for (const [label, classes] of [[0, ["1", "2", "3"]], [2, ["-1", "0", "1"]], ["0", ["1", "2"]]] as const) {
    assert.throws(() => labelled(label, classes), /found label "\d", expected one of the model's classes/);
  }
  for (const label of [2, -1, 0.5, "1.5"]) {
    assert.throws(() => labelled(label, ["neg", "pos"]), /expected one/);
  }
});

Deno.test("a row that is no object is told as such", () => {
  for (const [value, found] of [[null, "null"], [5, "5"], [["a"], "\\["]] as const) {
    assert.throws(
      () => labelOf({ value, at: { file: "a.jsonl", line: 2 }, bytes: 1 }, "label", ["neg", "pos"]),
      new RegExp(`a\\.jsonl:2: found ${found}.*, expected an object such as`),
    );
  }
});
