import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Predictions } from "../../src/calibration/predictions/classified.ts";
import { writePredictions, writeUnlabelled } from "../../src/calibration/predictions/logits_file.ts";
import compareRobustness from "../../stages/compare-robustness.ts";
import { messageFor, withFiles } from "../data/files.ts";
import { runStage } from "./run_stage.ts";

interface Training {
  readonly variant: string;
  readonly seed: number;
  /** How many of the ten texts of "tweets" it gets right. */
  readonly right?: number;
  readonly energetic?: boolean;
  readonly ids?: string;
  readonly sets?: readonly string[];
}

/** Ten texts of which so many are right, each with a probability of 1 / (1 + e⁻²) for the chosen class. */
function predictions(right: number, { energetic = false, ids = "t" }: Partial<Training>): Predictions {
  const labels = Int32Array.from({ length: 10 }, (_, row) => row % 2);
  const logits = [...labels].flatMap((label, row) => (label === 1) === row < right ? [0, 2] : [2, 0]);
  return {
    ids: Array.from(labels, (_, row) => `${ids}${row}`),
    labels,
    logits: Float64Array.from(logits),
    classes: 2,
    ...(energetic && { energies: Float64Array.from(labels, (_, row) => row) }),
  };
}

async function compare(folder: string, trainings: readonly Training[]) {
  const robustness = new Map<string, string>();
  for (const [index, training] of trainings.entries()) {
    const { variant, seed, right = 5, energetic = false, sets = ["dev2", "tweets"] } = training;
    const name = `${index}`;
    const at = (...names: string[]) => join(folder, name, ...names);
    await mkdir(at("predictions"), { recursive: true });
    const known = { variant, seed, sets: Object.fromEntries(sets.map((set) => [set, {}])) };
    await writeFile(
      at("robustness.json"),
      JSON.stringify({ ...known, detection: { tweets: {}, questions: {} } }),
    );
    await writePredictions(at("predictions", "dev1.jsonl"), predictions(8, {}));
    await writePredictions(at("predictions", "dev2.jsonl"), predictions(8, { energetic }));
    await writePredictions(at("predictions", "tweets.jsonl"), predictions(right, training));
    const { labels: _, votes: __, ...questions } = predictions(5, { energetic, ids: "q" });
    const { energies } = questions;
    const higher = energies && { ...questions, energies: energies.map((energy) => energy + 100) };
    await writeUnlabelled(at("predictions", "questions.jsonl"), higher ?? questions);
    robustness.set(name, join(folder, name));
  }
  const output = join(folder, "output");
  await mkdir(output);
  await runStage(compareRobustness, { parameters: { resamples: 100 }, inputs: { robustness }, output });
  return {
    comparison: JSON.parse(Deno.readTextFileSync(join(output, "comparison.json"))),
    report: Deno.readTextFileSync(join(output, "report.md")),
  };
}

const baselines = [1, 2].map((seed): Training => ({ variant: "baseline", seed, right: 3 + seed }));
const scalars = [1, 2].map((seed): Training => ({
  variant: "scalar",
  seed,
  right: 6 + seed,
  energetic: true,
}));

Deno.test("each set's figures over seeds, and differences paired over texts and seeds", async () => {
  await withFiles({}, async (folder) => {
    const { comparison, report } = await compare(folder, [...scalars, ...baselines]);
    assert.deepEqual(comparison.seeds, [1, 2]);
    const [dev2, tweets] = comparison.sets;
    assert.deepEqual([dev2.name, tweets.name, tweets.examples], ["dev2", "tweets", 10]);
    const [baseline, , scalar] = tweets.standings;
    assert.deepEqual([baseline.variant, scalar.variant, scalar.calibrator], ["baseline", "scalar", "none"]);
    const close = (found: number, expected: number) =>
      assert.ok(Math.abs(found - expected) < 1e-12, `${found}`);
    close(baseline.figures.accuracy.value, 0.45); // 4 and 5 of 10
    close(scalar.figures.accuracy.value, 0.75); // 7 and 8 of 10
    // Each seed differs in three texts: a resample can only draw them more or less often.
    close(scalar.difference.accuracy.value, 0.3);
    assert.ok(scalar.difference.accuracy.low < 0.3 && scalar.difference.accuracy.high > 0.3);
    close(dev2.standings[2].difference.accuracy.value, 0);
    assert.equal(dev2.standings[2].difference.accuracy.verdict, "no evidence of a difference");
    assert.match(report, /^# Robustness$/m);
    assert.match(report, /^\| scalar \| 80\.0 % \| 75\.0 % \|$/m);
  });
});

Deno.test("dev2 is told from other texts, also from such as nobody labelled", async () => {
  await withFiles({}, async (folder) => {
    const { comparison } = await compare(folder, [...scalars, ...baselines]);
    const [tweets, questions] = comparison.detection;
    assert.deepEqual([tweets.name, questions.name, questions.examples], ["tweets", "questions", 10]);
    const [baseline, scalar] = questions.variants;
    assert.equal(baseline.scores.trainedEnergy, undefined);
    assert.equal(scalar.scores.trainedEnergy.auroc.value, 1); // all 100 higher
    assert.equal(scalar.scores.trainedEnergy.falsePositiveRate95.value, 0);
    assert.equal(scalar.scores.maximumProbability.auroc.value, 0.5); // all confidences are the same
    assert.equal(baseline.scores.maximumProbability.auprIn.value, 0.5);
  });
});

Deno.test("one seed gives intervals over texts alone, and says so", async () => {
  await withFiles({}, async (folder) => {
    const { report } = await compare(folder, [baselines[0], scalars[0]]);
    assert.match(report, /one training of each variant/);
    assert.match(report, /paired over examples:/);
  });
});

const refused: readonly (readonly [string, readonly Training[], RegExp])[] = [
  ["no reference", scalars, /found no evaluation of "baseline", expected one of scalar/],
  ["a training twice", [...baselines, baselines[0]], /each seed once/],
  ["other seeds", [...baselines, scalars[0]], /found scalar with the seeds 1, expected 1, 2, as baseline/],
  ["other texts", [...baselines, ...scalars.map((one) => ({ ...one, ids: "x" }))], /found in row 1 id "x0"/],
  [
    "other sets",
    [baselines[0], { ...scalars[0], sets: ["dev2"] }],
    /found the sets dev2 and, told from dev2, tweets, questions, expected dev2, tweets and,/,
  ],
];
for (const [what, trainings, message] of refused) {
  Deno.test(`${what} is refused`, async () => {
    assert.match(await messageFor({}, (folder) => compare(folder, trainings)), message);
  });
}
