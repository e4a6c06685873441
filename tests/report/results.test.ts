import assert from "node:assert/strict";
import { join } from "node:path";
import { finetunedSchema } from "../../src/ebm/classifier/variant.ts";
import { evaluationSchema } from "../../src/report/evaluation.ts";
import { inReportOrder, noiseModelSchema, readMetrics } from "../../src/report/results.ts";
import { messageFor, withFiles } from "../data/files.ts";
import { sampleEvaluation } from "./sample.ts";

Deno.test("the baseline comes first, then what has no energy, the method's energies, and the others by name; by seed", () => {
  const given = ["zeta", "sharp-hidden", "label-smoothing", "hidden", "baseline", "scalar"];
  assert.deepEqual(
    inReportOrder(given.flatMap((variant) => [2, 1].map((seed) => sampleEvaluation(variant, { seed }))))
      .map(({ variant, seed }) => `${variant} ${seed}`),
    ["baseline", "label-smoothing", "scalar", "hidden", "sharp-hidden", "zeta"]
      .flatMap((variant) => [`${variant} 1`, `${variant} 2`]),
  );
});

Deno.test("every variant that finetune takes has its place, none comes by its name", () => {
  const given = finetunedSchema.in.options;
  const sorted = inReportOrder([...given, "-"].map((variant) => ({ variant, seed: 1 })));
  assert.equal(sorted.at(-1)?.variant, "-", "an unknown variant comes last");
  assert.equal(sorted[0]?.variant, "baseline");
});

Deno.test("an evaluation comes back as it was written", () => {
  const evaluation = sampleEvaluation("baseline");
  return withFiles({ "metrics.json": JSON.stringify(evaluation) }, async (folder) => {
    assert.deepEqual(await readMetrics(join(folder, "metrics.json"), evaluationSchema), evaluation);
  });
});

const evaluation = JSON.stringify(sampleEvaluation("baseline"));
const wrong: Readonly<Record<string, { readonly content: string; readonly found: RegExp }>> = {
  "not JSON": { content: "{", found: /^metrics\.json: found .*JSON/ },
  "a figure that was NaN": {
    content: evaluation.replace('"nll":0.4321', '"nll":null'),
    found: /^metrics\.json: found uncalibrated\.nll: .*expected number/,
  },
  "a figure out of range": {
    content: evaluation.replace('"accuracy":0.8153', '"accuracy":81.53'),
    found: /^metrics\.json: found uncalibrated\.accuracy: /,
  },
};

for (const [name, { content, found }] of Object.entries(wrong)) {
  Deno.test(`figures that are wrong are refused with file and field: ${name}`, async () => {
    const read = (folder: string) => readMetrics(join(folder, "metrics.json"), evaluationSchema);
    const message = await messageFor({ "metrics.json": content }, read);
    assert.match(message, found);
    assert.match(message, /Run the stage that wrote it again/);
  });
}

Deno.test("the noise model's figures are checked too", async () => {
  const read = (folder: string) => readMetrics(join(folder, "metrics.json"), noiseModelSchema);
  assert.match(
    await messageFor({ "metrics.json": '{"objective": "language-model", "perplexity": 0.5}' }, read),
    /found perplexity: /,
  );
});
