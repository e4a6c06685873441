import assert from "node:assert/strict";
import { standingRows, tableHead } from "../../../src/cli/results/standing_rows.ts";
import { comparison } from "../../report/given_comparison.ts";

const onDev2 = comparison({
  "baseline": { accuracy: [0.82, 0.01], nll: [0.7, 0.04], ece: [0.15, 0.02] },
  "baseline temperature": { accuracy: [0.82, 0.01], nll: [0.436, 0.02], ece: [0.039, 0.01] },
  "hidden": { accuracy: [0.818, 0.01], nll: [0.484, 0.03], ece: [0.088, 0.02] },
});

Deno.test("a variant has one row with intervals, and a dash where it wasn't calibrated", () => {
  assert.equal(
    standingRows("reviews", onDev2),
    "| reviews (1,200 of dev2) | baseline | 82.0 % (81.0 to 83.0) | 0.700 (0.660 to 0.740) | 0.150 (0.130 to 0.170) | " +
      "0.436 (0.416 to 0.456) | 0.039 (0.029 to 0.049) |\n" +
      "|  | hidden | 81.8 % (80.8 to 82.8) | 0.484 (0.454 to 0.514) | 0.088 (0.068 to 0.108) | – | – |",
  );
  const columns = tableHead.split("\n").map((line) => line.split("|").length);
  assert.deepEqual(
    new Set([...columns, ...standingRows("reviews", onDev2).split("\n").map((row) => row.split("|").length)]),
    new Set([9]),
  );
});

Deno.test("a test set of the data's own takes the place of dev2", () => {
  const { standings } = comparison({
    "baseline": { accuracy: [0.9, 0.01], nll: [0.3, 0.01], ece: [0.02, 0.01] },
  });
  const rows = standingRows("sst", { ...onDev2, test: { examples: 1821, standings } });
  assert.match(rows, /^\| sst \(1,821 of its test set\) \| baseline \| 90\.0 % /);
  assert.equal(rows.split("\n").length, 1);
});
