import assert from "node:assert/strict";
import { renderPlainTable } from "../../src/report/plain.ts";

Deno.test("names are aligned on the left, figures on the right", () => {
  const table = {
    caption: "Scores",
    headings: ["Variant", "ECE"],
    groups: [[{ name: "baseline", cells: ["0.0256"] }], [{ name: "hidden", cells: ["0.1"] }]],
  };
  assert.equal(renderPlainTable(table), "Variant      ECE\nbaseline  0.0256\nhidden       0.1");
});
