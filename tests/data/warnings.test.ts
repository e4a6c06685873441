import assert from "node:assert/strict";
import { fractionsSchema } from "../../src/data/partition.ts";
import type { Row } from "../../src/data/rows.ts";
import { dataWarnings } from "../../src/data/warnings.ts";
import { heldPartition as partition } from "./held.ts";

const options = { seed: 1, fractions: fractionsSchema.parse({}), maxRows: {} };

/** Returns 200 rows of two classes, of which no two resemble each other. */
const rowsOf = (labelOf: (index: number) => number): Row[] =>
  Array.from({ length: 200 }, (_, index) => ({
    id: `${index}`,
    text: ["one", "two", "three"].map((word) => `${word}${index}`).join(" "),
    label: labelOf(index),
  }));

const warningsOf = (rows: readonly Row[], classes = ["bad", "good"]) => {
  const source = { classes, pairs: false, rows };
  return dataWarnings(source, partition(source, options));
};

const ordinary = rowsOf((index) => index % 2);

Deno.test("an ordinary data set gives no warning", () => {
  assert.deepEqual(warningsOf(ordinary), []);
});

Deno.test("rows of one class alone are warned about", () => {
  assert.deepEqual(warningsOf(rowsOf(() => 1)), ['warning: all 200 rows are of the class "good"']);
});

Deno.test("inferred classes that may be mistakes are warned about, and named ones aren't", () => {
  const classes = ["-", "Good", "bad", "good ", "NaN"];
  const source = { classes, pairs: false, rows: rowsOf((index) => index % 5) };
  const warnings = dataWarnings({ ...source, areClassesInferred: true }, partition(source, options));
  assert.deepEqual(warnings, [
    'warning: the class "-" may mean that a row has no label; `noLabel` drops such rows',
    'warning: the class "NaN" may mean that a row has no label; `noLabel` drops such rows',
    'warning: the classes "Good", "good " differ in case or spaces alone',
  ]);
  assert.deepEqual(dataWarnings(source, partition(source, options)), []);
});

Deno.test("a class without a row in a split is warned about, by split", () => {
  const { splits } = partition({ classes: [], pairs: false, rows: ordinary }, options);
  const inTrain = splits.train.slice(0, 2).map(({ id }) => id);
  const rows = rowsOf((index) => inTrain.includes(`${index}`) ? 0 : 1);
  assert.deepEqual(warningsOf(rows, ["bad", "good", "odd"]), [
    'warning: train has no row of the class "odd"',
    'warning: tune has no row of 2 classes "bad", "odd"',
    'warning: dev1 has no row of 2 classes "bad", "odd"',
    'warning: dev2 has no row of 2 classes "bad", "odd"',
  ]);
});

Deno.test("one text with several labels is warned about; resembling texts may differ", () => {
  const rows = [
    { id: "a", text: "A fine film of the sea", label: 1 },
    { id: "b", text: "a fine film, of the sea!", label: 0 },
    { id: "c", text: "a fine film of the sea", label: 1 },
    { id: "d", text: "one very long text that is good today", label: 1 },
    { id: "e", text: "one very long text that isn good today friends", label: 0 },
  ];
  assert.deepEqual(warningsOf([...ordinary, ...rows]), [
    'warning: 1 text has several labels, in 3 rows; for example "A fine film of the sea": "good" at "a", "bad" at "b"',
  ]);
});

Deno.test("control characters and texts without a visible character are warned about, escaped", () => {
  const rows = [
    { id: "a", text: `${"x".repeat(300)}\0 a nul`, label: 1 },
    { id: "b", text: "lost: \ufffd", label: 1 },
    { id: "c", text: "\u200b", label: 0 },
    { id: "d", text: "\u0007\ufeff", label: 0 },
  ];
  const warnings = warningsOf([...ordinary, ...rows]);
  assert.equal(warnings.length, 2);
  assert.match(
    warnings[0],
    /^warning: 3 rows have a text with control or replacement characters; for example "x{10,30}\\u0000 a nul" at "a"$/,
  );
  assert.equal(
    warnings[1],
    String.raw`warning: 2 rows have a text with no character that can be seen; for example "\u200b" at "c"`,
  );
});

Deno.test("a warning shows 200 characters of the data at most", () => {
  const long = "y".repeat(5000);
  const rows = [
    { id: `a${long}`, text: `${long}\0`, label: 1 },
    { id: `b${long}`, text: `${long}\0`, label: 0 },
  ];
  const warnings = warningsOf([...ordinary, ...rows], [`bad${long}`, `good${long}`]);
  assert.equal(warnings.length, 2);
  for (const warning of warnings) assert.ok(warning.split("y").length - 1 <= 210, warning);
});
