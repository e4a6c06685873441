import assert from "node:assert/strict";
import { trainingLengthFile } from "../../../src/report/charts/training_length.ts";
import { assertWellFormed } from "../../well_formed.ts";
import { comparison } from "../given_comparison.ts";

const at = (nll: number, temperature: string) =>
  comparison({
    "baseline": { accuracy: [0.82, 0.01], nll: [nll, 0.04], ece: [0.15, 0.02] },
    "baseline temperature": { accuracy: [0.82, 0.01], nll: [0.43, 0.04], ece: [0.15, 0.02] },
    "hidden": { accuracy: [0.82, 0.01], nll: [nll / 2, 0.04], ece: [0.09, 0.02] },
    "hidden temperature": { accuracy: [0.82, 0.01], nll: [0.43, 0.04], ece: [0.09, 0.02] },
  }, temperature);

Deno.test("the figure has a panel for each of accuracy, NLL, ECE and temperature, with both variants", () => {
  const svg = trainingLengthFile(
    new Map([
      ["compare@epochs-10", at(0.9, "T = 2.50")],
      ["compare@epochs-2.5", at(0.4, "T = 1.20")],
      ["compare@best-nll", at(5, "T = 9.00")], // of no length
    ]),
  );
  assert.ok(svg);
  assertWellFormed(svg);
  const labels = [...svg.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label);
  assert.deepEqual(
    labels,
    ["Accuracy (%)", "NLL", "ECE", "Temperature"].map((name) => `${name} by epochs: baseline, hidden`),
  );
  assert.match(svg, />2\.5</); // a tick
  assert.equal(svg.match(/<circle/g)?.length, 4 * 2 * 2);
  assert.doesNotMatch(svg, /NaN|var\(/);
});

Deno.test("one length alone, or none, is no figure", () => {
  assert.equal(trainingLengthFile(new Map()), undefined);
  assert.equal(
    trainingLengthFile(new Map([["compare@epochs-5", at(0.4, "T = 1.00")], ["compare", at(1, "T = 1.00")]])),
    undefined,
  );
});
