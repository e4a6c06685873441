import assert from "node:assert/strict";
import { LabelReader, nearestSpelling } from "../../src/data/labels.ts";

Deno.test("a spelling means the class that differs in case, spaces, notation or a letter alone", () => {
  const classes = ["good", "bad", "10"];
  const meant = { Good: "good", " good ": "good", "good\u00a0": "good", ｇｏｏｄ: "good", goood: "good" };
  for (const [spelling, name] of Object.entries({ ...meant, "10.0": "10", "1e1": "10" })) {
    assert.equal(nearestSpelling(spelling, classes), name, spelling);
  }
  for (const spelling of ["", "neutral", "0", "x".repeat(10 ** 6)]) {
    assert.equal(nearestSpelling(spelling, classes), undefined, spelling.slice(0, 9));
  }
});

Deno.test("a column that holds no labels at all is told in one message of moderate length", () => {
  const labels = new LabelReader(Array.from({ length: 150 }, (_, index) => `class number ${index}`));
  for (let row = 0; row < 5000; row++) {
    assert.equal(labels.read(`text ${row} ${"x".repeat(200)}`, () => ({ file: "a.tsv", line: row + 1 })), -1);
  }
  assert.throws(() => labels.check(), (error: Error) => {
    assert.match(
      error.message,
      /^a\.tsv:1: found 1000 or more labels outside the classes in 5000 rows: "text 0 x/,
    );
    assert.match(error.message, / and 998 more, expected one of "class number 0", .* and 14\d more$/m);
    assert.ok(error.message.length < 600, error.message);
    return true;
  });
});

Deno.test("labels of the classes pass", () => {
  const labels = new LabelReader(["bad", "good"]);
  assert.equal(labels.read("good", () => ({ file: "a.tsv" })), 1);
  labels.check();
});
