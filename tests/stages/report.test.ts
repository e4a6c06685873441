import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../../src/data/dataset.ts";
import { evaluationSchema } from "../../src/report/evaluation.ts";
import report from "../../stages/report.ts";
import { withFiles } from "../data/files.ts";
import { runStage } from "./run_stage.ts";
import { sampleComparison, sampleEnergy, sampleEvaluation, sampleResults } from "../report/sample.ts";

const counts = { rows: 1500, perClass: [740, 760] };
const dataset: Dataset = {
  classes: ["negative", "positive"],
  pairs: false,
  splits: { train: counts, tune: counts, dev1: counts, dev2: counts },
  duplicates: { groups: 0, rows: 0, droppedFromTrain: 0 },
};
const { noiseModel, noise } = sampleResults([]);

/** Runs the stage on made-up inputs, the variants in the order given; its outputs by name. */
async function runReport(
  variants: readonly string[],
  { parameters = {}, pools = 1 }: { readonly parameters?: object; readonly pools?: number } = {},
): Promise<Record<string, string>> {
  const outputs: Record<string, string> = {};
  await withFiles({}, async (folder) => {
    const put = async (name: string, file: string, content: unknown) => {
      await mkdir(join(folder, name), { recursive: true });
      await writeFile(join(folder, name, file), JSON.stringify(content));
      return join(folder, name);
    };
    await put("data", "dataset.json", dataset);
    await put("noiseModel", "metrics.json", noiseModel);
    const noisePools = new Map<string, string>();
    for (let pool = 1; pool <= pools; pool++) {
      noisePools.set(`${pool}`, await put(`noise-${pool}`, "metrics.json", noise));
    }
    const evaluations = new Map<string, string>();
    for (const variant of variants) {
      const energy = variant === "baseline" ? undefined : sampleEnergy;
      const evaluation = sampleEvaluation(variant, { energy });
      evaluations.set(variant, await put(`evaluate-${variant}`, "metrics.json", evaluation));
    }
    const compared = sampleComparison(variants.toSorted().map((variant) => sampleEvaluation(variant)));
    const comparison = await put("compare", "comparison.json", compared);
    const output = join(folder, "output");
    await mkdir(output);
    const [data, noiseModelFolder] = ["data", "noiseModel"].map((name) => join(folder, name));
    const inputs = { data, noiseModel: noiseModelFolder, noise: noisePools, evaluations, comparison };
    await runStage(report, { parameters, inputs, output });
    for (const name of Object.keys(report.outputs)) {
      outputs[name] = await readFile(join(output, name), "utf8");
    }
  });
  return outputs;
}

Deno.test("given four variants, all figures are joined in the report's order", async () => {
  const outputs = await runReport(["hidden", "sharp-hidden", "baseline", "scalar"]);
  const results = JSON.parse(outputs["results.json"]);
  const evaluations = results.evaluations.map((evaluation: unknown) => evaluationSchema.parse(evaluation));
  assert.deepEqual(evaluations.map(({ variant }: { variant: string }) => variant), [
    "baseline",
    "scalar",
    "hidden",
    "sharp-hidden",
  ]);
  assert.deepEqual(results.noiseModel, noiseModel);
  assert.deepEqual(results.noise, noise);
  assert.deepEqual(results.data.classes, dataset.classes);
  assert.match(outputs["report.md"], /^# Joint energy-based training and calibration\n/);
  assert.match(outputs["report.html"], /^<!DOCTYPE html>/);
});

Deno.test("the same figures give the same bytes, in whatever order they come", async () => {
  const variants = ["baseline", "scalar", "zeta", "alpha"];
  assert.deepEqual(await runReport(variants), await runReport(variants.toReversed()));
});

Deno.test("an unknown parameter is refused", () => {
  assert.equal(report.parameters.safeParse({ titel: "x" }).success, false);
});

Deno.test("the samples of several pools are added up, and noise needs no model that was trained for it", async () => {
  const outputs = await runReport(["baseline"], { parameters: { trainedNoiseModel: false }, pools: 3 });
  const { noiseModel: none, noise: joined } = JSON.parse(outputs["results.json"]);
  assert.equal(none, undefined);
  assert.deepEqual(joined, { ...noise, train: { drawn: 3 * noise.train.drawn, kept: 3 * noise.train.kept } });
  assert.match(outputs["report.md"], /Samples kept for training +\| 20,343 of 20,400/);
  assert.doesNotMatch(outputs["report.md"], /Perplexity of held-out texts/);
});
