import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writePredictions } from "../../src/calibration/predictions/logits_file.ts";
import compareSettings from "../../stages/compare-settings.ts";
import { messageFor, withFiles } from "../data/files.ts";
import { sampleEvaluation } from "../report/sample.ts";
import { runStage } from "./run_stage.ts";

interface Training {
  /** As the matrix names it. */
  readonly instance: string;
  readonly variant?: string;
  readonly seed?: number;
  /** Of its four predictions, each with a probability of 0.9, how many are right. */
  readonly right?: number;
}

const labels = Int32Array.of(0, 1, 0, 1);
const logit = Math.log(9);

/** Runs the stage on made-up evaluations. */
async function compare(folder: string, trainings: readonly Training[], reference = "float32") {
  const evaluations = new Map<string, string>();
  for (const { instance, variant = "baseline", seed = 1, right = 3 } of trainings) {
    const at = join(folder, instance);
    await mkdir(at);
    await writeFile(join(at, "metrics.json"), JSON.stringify({ ...sampleEvaluation(variant), seed }));
    const logits = Float64Array.from(
      labels,
      (label, row) => (label === 1) === (row < right) ? logit : -logit,
    );
    for (const split of ["dev1", "dev2"]) {
      await writePredictions(join(at, `predictions.${split}.jsonl`), {
        ids: ["r0", "r1", "r2", "r3"],
        labels,
        logits: Float64Array.from([...logits].flatMap((one) => [0, one])),
        classes: 2,
      });
    }
    evaluations.set(instance, at);
  }
  const output = join(folder, "output");
  await mkdir(output);
  const parameters = { title: "Two <precisions>", reference, resamples: 200 };
  const summary = await runStage(compareSettings, { parameters, inputs: { evaluations }, output });
  const read = (name: string) => Deno.readTextFileSync(join(output, name));
  return { summary, report: read("report.md"), html: read("report.html"), json: read("comparison.json") };
}

const trained = (variant: string, precision: string, right: readonly number[]): Training[] =>
  right.map((count, at) => ({
    instance: `${variant},${precision},${at + 1}`,
    variant,
    seed: at + 1,
    right: count,
  }));

Deno.test("each variant is compared with itself trained otherwise: means over seeds, differences, verdicts", async () => {
  await withFiles({}, async (folder) => {
    const { report, html, json, summary } = await compare(folder, [
      ...trained("scalar", "bfloat16", [3, 3]),
      ...trained("scalar", "float32", [3, 3]),
      ...trained("baseline", "bfloat16", [0, 0]),
      ...trained("baseline", "float32", [4, 4]),
    ]);
    const rows = report.split("\n").filter((line) => /^\| (baseline|scalar): /.test(line));
    // 0.9 sure: where all are right the gap is 0.1, where none is 0.9; of 3 in 4 it is 0.15. NLL: −ln 0.9 and
    // −ln 0.1.
    for (
      const [at, row] of [
        [0, "| baseline: accuracy | 100.0 % | 0.0 % | −100.0 (−100.0 to −100.0) percentage points | lower |"],
        [1, "| baseline: NLL | 0.105 | 2.303 | 2.197 (2.197 to 2.197) | higher |"],
        [2, "| baseline: ECE | 0.100 | 0.900 | 0.800 (0.800 to 0.800) | higher |"],
        [
          5,
          "| scalar: accuracy | 75.0 % | 75.0 % | 0.0 (0.0 to 0.0) percentage points | no evidence of a difference |",
        ],
        [7, "| scalar: ECE | 0.150 | 0.150 | 0.000 (0.000 to 0.000) | no evidence of a difference |"],
      ] as const
    ) assert.equal(rows[at], row);
    assert.equal(rows.length, 10);
    assert.match(report, /^# Two \\<precisions>$/m);
    assert.match(report, /the same 2 seeds.* In 5 of 10 comparisons with float32 there is no evidence/);
    assert.match(report, /Resamples of 2 seeds show 1\/2 of the variance/);
    assert.match(html, /Two &lt;precisions&gt;/);
    const warnings = report.split("\n").filter((line) => line.startsWith("> "));
    const same =
      "predicts exactly what it predicts with float32: does the setting reach the code that it should change?";
    assert.deepEqual(warnings, [`> scalar with bfloat16 ${same}`]);
    assert.deepEqual(JSON.parse(json).seeds, [1, 2]);
    assert.equal(summary.length, 11);
  });
});

Deno.test("a third setting has a table of its own, and one seed a warning", async () => {
  await withFiles({}, async (folder) => {
    const { report } = await compare(folder, [
      { instance: "baseline,1,1" },
      { instance: "baseline,1,4" },
      { instance: "baseline,1,8" },
    ], "1");
    assert.deepEqual(report.match(/^\d beside \d/gm), ["4 beside 1", "8 beside 1"]);
    assert.match(report, /^> Each training is a single run with one seed/m);
  });
});

const refused: readonly (readonly [string, readonly Training[], RegExp])[] = [
  [
    "an evaluation whose name doesn't hold its seed",
    [{ instance: "baseline,float32" }],
    /found the evaluation "baseline,float32", of the variant baseline with seed 1, expected both in its name/,
  ],
  [
    "a reference that nothing was trained with",
    [{ instance: "baseline,bfloat16,1" }],
    /found no evaluation of "float32", expected one of bfloat16/,
  ],
  [
    "a setting with other seeds",
    [{ instance: "baseline,float32,1" }, { instance: "baseline,bfloat16,2", seed: 2 }],
    /found baseline with bfloat16 with the seeds 2, expected 1, as baseline with float32 has them/,
  ],
];
for (const [what, trainings, message] of refused) {
  Deno.test(`${what} is refused`, async () => {
    assert.match(await messageFor({}, (folder) => compare(folder, trainings)), message);
  });
}
