import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../../src/data/dataset.ts";
import { evaluationSchema } from "../../src/report/evaluation.ts";
import report from "../../stages/report.ts";
import { withFiles } from "../data/files.ts";
import { runStage } from "./run_stage.ts";
import { assertWellFormed } from "../well_formed.ts";
import { sampleComparison, sampleEnergy, sampleEvaluation, sampleResults } from "../report/sample.ts";

const counts = { rows: 1500, perClass: [740, 760] };
const dataset: Dataset = {
  classes: ["negative", "positive"],
  pairs: false,
  splits: { train: counts, tune: counts, dev1: counts, dev2: counts },
  duplicates: { groups: 0, rows: 0, droppedFromTrain: 0 },
};
const { noiseModel, noise } = sampleResults([]);

/** Two right answers and one that is wrong, less sure than these. */
const predicted = [[0, 3], [2, 0], [0.5, 0]].map((logits, row) => ({
  id: `r${row}`,
  label: [1, 0, 1][row],
  logits,
  energy: row - 2.5,
}));

const texts = predicted.map(({ id, label }, row) => ({
  id,
  text: ["a secret", "another secret", "the third secret"][row],
  label,
  votes: [1, 0.25, 0.6][row],
}));

/** Runs the stage on made-up inputs, the variants in the order given; its outputs by name. */
async function runReport(
  variants: readonly string[],
  { parameters = {}, pools = 1 }: { readonly parameters?: object; readonly pools?: number } = {},
): Promise<Record<string, string>> {
  const outputs: Record<string, string> = {};
  await withFiles({}, async (folder) => {
    const put = async (name: string, file: string, content: unknown) => {
      await mkdir(join(folder, name), { recursive: true });
      await writeFile(
        join(folder, name, file),
        typeof content === "string" ? content : JSON.stringify(content),
      );
      return join(folder, name);
    };
    await put("data", "dataset.json", dataset);
    await put("data", "dev2.jsonl", texts.map((row) => `${JSON.stringify(row)}\n`).join(""));
    await put("noiseModel", "metrics.json", noiseModel);
    const noisePools = new Map<string, string>();
    for (let pool = 1; pool <= pools; pool++) {
      noisePools.set(`${pool}`, await put(`noise-${pool}`, "metrics.json", noise));
    }
    const evaluations = new Map<string, string>();
    for (const variant of variants) {
      const energy = variant === "baseline" ? undefined : sampleEnergy;
      const evaluation = sampleEvaluation(variant, { energy });
      const [name, rows] = [`evaluate-${variant}`, predicted.map((row) => JSON.stringify(row)).join("\n")];
      for (const split of ["dev2", "noise"]) await put(name, `predictions.${split}.jsonl`, `${rows}\n`);
      evaluations.set(variant, await put(name, "metrics.json", evaluation));
    }
    const compared = sampleComparison(variants.toSorted().map((variant) => sampleEvaluation(variant)));
    const comparison = await put("compare", "comparison.json", compared);
    const output = join(folder, "output");
    await mkdir(output);
    const [data, noiseModelFolder] = ["data", "noiseModel"].map((name) => join(folder, name));
    const inputs = { data, noiseModel: noiseModelFolder, noise: noisePools, evaluations, comparison };
    await runStage(report, { parameters, inputs, output });
    assert.deepEqual((await readdir(output)).toSorted(), Object.keys(report.outputs).toSorted());
    for (const name of await readdir(output, { recursive: true })) {
      if (name.includes(".")) outputs[name] = await readFile(join(output, name), "utf8");
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

Deno.test("what the predictions look like is counted for the charts, each of which is a file", async () => {
  const outputs = await runReport(["baseline", "hidden"]);
  const { distributions, sources } = JSON.parse(outputs["results.json"]);
  const [baseline, hidden] = distributions;
  assert.deepEqual([baseline.variant, hidden.variant], ["baseline", "hidden"]);
  const risks = hidden.riskCoverage.map(({ risk }: { risk: number }) => risk);
  assert.deepEqual([risks[0], risks.at(-1)], [0, 1 / 3]);
  // The least sure answer is wrong, the others are right; a temperature of 1.5321 keeps that.
  const right = ({ accuracy }: { accuracy: number }) => accuracy;
  assert.deepEqual(hidden.reliabilityCurves.uncalibrated.map(right), [0, 1, 1]);
  const [, tempered] = hidden.reliabilityCurves.calibrated;
  assert.ok(Math.abs(tempered.confidence - 1 / (1 + Math.exp(-2 / 1.5321))) < 1e-12);
  const energies = hidden.energies.filter(({ first }: { first: number }) => first > 0);
  assert.deepEqual(energies.map(({ first }: { first: number }) => first), [1, 1, 1]);
  assert.equal(createHash("sha256").update(JSON.stringify(dataset)).digest("hex"), sources.data);
  const charts = Object.keys(outputs).filter((name) => name.startsWith("plots/")).toSorted();
  assert.deepEqual(
    charts,
    ["confidence", "energies", "intervals", "losses", "reliability-overlay", "reliability", "risk-coverage"]
      .map((name) => `plots/${name}.svg`),
  );
  for (const name of charts) {
    assertWellFormed(outputs[name]);
    assert.doesNotMatch(outputs[name], /NaN|undefined|Infinity|var\(|currentColor|<style/);
  }
});

Deno.test("the surest mistakes are shown with people's votes, and the figures of parts of the texts", async () => {
  const outputs = await runReport(["baseline", "hidden"]);
  const { mistakes, slices } = JSON.parse(outputs["results.json"]);
  const confidence = 1 / (1 + Math.exp(-0.5));
  assert.deepEqual(mistakes, [{
    id: "r2",
    text: "the third secret",
    label: "positive",
    votes: 0.6,
    answers: ["baseline", "hidden"].map((variant) => ({ variant, predicted: "negative", confidence })),
  }]);
  assert.match(
    outputs["report.md"],
    /^\| the third secret \| positive \| 60\.0 % \| negative \| 62\.2 % \| baseline 62\.2 % hidden 62\.2 % \|$/m,
  );
  const { classes: [negative, positive] } = slices[0];
  assert.deepEqual([negative.texts, negative.found, negative.given.examples], [1, 1, 2]);
  assert.deepEqual([positive.texts, positive.found, positive.given.examples], [2, 0.5, 1]);
  assert.deepEqual(slices[0].lengths.map(({ examples }: { examples: number }) => examples), [1, 1, 1]);
});

Deno.test("where texts are to be hidden, none is in any output", async () => {
  const outputs = await runReport(["baseline", "hidden"], { parameters: { showTexts: false } });
  for (const [name, content] of Object.entries(outputs)) assert.doesNotMatch(content, /secret/, name);
  assert.match(outputs["report.md"], /^\| r2 \| positive \|/m);
});

Deno.test("the summary is the verdict with a small table", async () => {
  const { "summary.txt": summary } = await runReport(["baseline", "hidden"]);
  const [said, empty, head, baseline] = summary.split("\n");
  assert.match(said, /^Compared with the baseline, as trained, calibration is worse with the energies\. .*/);
  assert.match(said, / Each variant was trained once, and a single seed proves nothing\.$/);
  assert.equal(empty, "");
  assert.match(head, /^Variant +Accuracy +NLL +ECE +Floor of ECE$/);
  assert.match(baseline, /^baseline +81\.5 % +0\.432 +0\.052 +0\.028 ± 0\.007$/);
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
