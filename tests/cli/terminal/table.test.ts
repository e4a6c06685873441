import assert from "node:assert/strict";
import { tableLines } from "../../../src/cli/terminal/table.ts";

const columns = [
  { name: "instance", cells: ["one", "another"], isNumeric: false },
  { name: "nll", cells: ["0.5", "12.25"], isNumeric: true },
  { name: "variant", cells: ["a", "b"], isNumeric: false },
];

Deno.test("columns stand side by side where there is room, numbers below each other's ends", () => {
  assert.deepEqual(tableLines(columns, Infinity), [
    "instance    nll  variant",
    "one         0.5  a",
    "another   12.25  b",
  ]);
  assert.deepEqual(tableLines(columns, 24), tableLines(columns, Infinity));
});

Deno.test("those that don't fit stand below, beside the first column again", () => {
  assert.deepEqual(tableLines(columns, 23), [
    "instance    nll",
    "one         0.5",
    "another   12.25",
    "",
    "instance  variant",
    "one       a",
    "another   b",
  ]);
  assert.ok(tableLines(columns, 5).length > 0); // a column that is wider than the terminal has a part of its own
});
