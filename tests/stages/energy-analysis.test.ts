import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Predictions } from "../../src/calibration/predictions/classified.ts";
import { writePredictions, writeUnlabelled } from "../../src/calibration/predictions/logits_file.ts";
import { writeDataset } from "../../src/data/dataset.ts";
import { writeRows } from "../../src/data/rows.ts";
import energyAnalysis from "../../stages/energy-analysis.ts";
import { messageFor, withFiles } from "../data/files.ts";
import { sampleEvaluation } from "../report/sample.ts";
import { runStage } from "./run_stage.ts";

const counts = { rows: 4, perClass: [2, 2] };
const rows = ["plain", "a <b>bold</b> one", "so | so", "last"].map((text, row) => ({
  id: `r${row}`,
  text,
  label: row % 2,
}));

interface Training {
  readonly variant: string;
  readonly seed?: number;
  readonly energies?: readonly number[];
  readonly ids?: readonly string[];
  readonly noiseIds?: readonly string[];
}

/** Runs the stage on made-up evaluations. */
async function analyse(
  folder: string,
  trainings: readonly Training[],
  parameters: object = {},
): Promise<{ summary: string[]; output: string }> {
  const at = (...names: string[]) => join(folder, ...names);
  await Promise.all(["data", "output"].map((name) => mkdir(at(name))));
  const splits = { train: counts, tune: counts, dev1: counts, dev2: counts };
  const duplicates = { groups: 0, rows: 0, droppedFromTrain: 0 };
  await writeDataset(at("data"), { classes: ["bad", "good"], pairs: false, splits, duplicates });
  await writeRows(at("data", "dev2.jsonl"), rows);
  const evaluations = new Map<string, string>();
  for (const training of trainings) {
    const { variant, seed = 1, energies, ids = rows.map(({ id }) => id), noiseIds = ["r0#0", "r2#1"] } =
      training;
    const name = `${variant},${seed}`;
    await mkdir(at(name));
    await writeFile(at(name, "metrics.json"), JSON.stringify({ ...sampleEvaluation(variant), seed }));
    const predictions: Predictions = {
      ids,
      labels: Int32Array.from(rows, ({ label }) => label),
      logits: Float64Array.of(1, 0, 0, 2, 3, 0, 1, 0),
      classes: 2,
      ...(energies && { energies: Float64Array.from(energies) }),
    };
    await writePredictions(at(name, "predictions.dev2.jsonl"), predictions);
    const noise = { ids: noiseIds, logits: Float64Array.of(1, 0, 0, 1), classes: 2 };
    await writeUnlabelled(at(name, "predictions.noise.jsonl"), {
      ...noise,
      ...(energies && { energies: Float64Array.of(5, -9) }),
    });
    evaluations.set(name, at(name));
  }
  const inputs = { data: at("data"), evaluations };
  return {
    summary: await runStage(energyAnalysis, {
      parameters: { texts: 2, resamples: 100, ...parameters },
      inputs,
      output: at("output"),
    }),
    output: at("output"),
  };
}

const baseline = { variant: "baseline" };
const scalar = { variant: "scalar", energies: [-3, 2, -1, 0] };

Deno.test("the energies of each variant that has some, with the baseline's verdict on the extreme texts", async () => {
  await withFiles({}, async (folder) => {
    const { summary, output } = await analyse(folder, [scalar, baseline]);
    assert.match(summary[1], /^scalar .* 0\.500 \(/); // 5 is above all four energies, −9 below
    const read = (name: string) => Deno.readTextFileSync(join(output, name));
    const { variants, seeds, noiseTexts, sortedConfidences } = JSON.parse(read("energies.json"));
    assert.deepEqual(sortedConfidences.map(({ variant }: { variant: string }) => variant), [
      "baseline",
      "scalar",
    ]);
    const { histogram: { edges, noise } } = variants[0];
    assert.deepEqual([edges[0], edges[40], noise[0], noise[39]], [-9, 5, 1, 1]);
    assert.deepEqual([seeds, noiseTexts, variants.length], [[1], 2, 1]);
    const confidence = 1 / (1 + Math.exp(-2));
    assert.deepEqual(variants[0].highest[0], {
      id: "r1",
      text: "a <b>bold</b> one",
      energy: 2,
      label: "good",
      predicted: "good",
      confidence,
    });
    assert.deepEqual(variants[0].lowest.map(({ id }: { id: string }) => id), ["r0", "r2"]);
    assert.match(read("report.md"), /^# What the energies know$/m);
    assert.match(read("report.md"), /^\| so \\\| so \| −1\.00 \| bad \| bad, 95\.3 % \| right \|$/m);
    assert.match(read("report.html"), /a &lt;b&gt;bold&lt;\/b&gt; one/);
  });
});

Deno.test("texts of the data stay out of all that is written where they are to be hidden", async () => {
  await withFiles({}, async (folder) => {
    const { summary, output } = await analyse(folder, [scalar, baseline], { showTexts: false });
    const files = ["energies.json", "report.md", "report.html"].map((name) =>
      Deno.readTextFileSync(join(output, name))
    );
    for (const text of [...summary, ...files]) assert.doesNotMatch(text, /bold|so \\?\| so/);
    assert.match(files[1], /^\| r2 \| −1\.00 \| bad \| bad, 95\.3 % \| right \|$/m);
  });
});

const refused: readonly (readonly [string, readonly Training[], RegExp])[] = [
  [
    "no variant with an energy",
    [baseline],
    /found evaluations of baseline, expected a variant with an energy/,
  ],
  ["no reference", [scalar], /found evaluations of scalar, expected "baseline" among them/],
  [
    "other seeds",
    [baseline, { ...scalar, seed: 2 }],
    /found scalar with the seeds 2, expected 1, as baseline/,
  ],
  [
    "predictions of other texts than the data's",
    [baseline, { ...scalar, ids: ["r0", "r1", "rx", "r3"] }],
    /scalar,1\/predictions\.dev2\.jsonl: found in row 3 id "rx", expected "r2", as in data\/dev2\.jsonl/,
  ],
  [
    "noise that wasn't made of the data",
    [baseline, scalar].map((training) => ({ ...training, noiseIds: ["r0#0", "x2#1"] })),
    /predictions\.noise\.jsonl: found the noise text "x2#1", expected one whose id is that of a row of dev2, # and a number/,
  ],
];
for (const [what, trainings, message] of refused) {
  Deno.test(`${what} is refused`, async () => {
    assert.match(await messageFor({}, (folder) => analyse(folder, trainings)), message);
  });
}

Deno.test("where no noise text was evaluated on, the message says what makes them", async () => {
  const message = await messageFor({}, (folder) => analyse(folder, [{ ...scalar, noiseIds: [] }, baseline]));
  assert.match(
    message,
    /^scalar,1\/predictions\.noise\.jsonl: found no noise text .*\n {2}Set `evaluationTexts`/,
  );
});
