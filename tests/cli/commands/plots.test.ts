import assert from "node:assert/strict";
import { makeProject, pipeline } from "../../pipeline/synthetic.ts";
import { sampleComparison, sampleEnergy, sampleEvaluation } from "../../report/sample.ts";
import { assertWellFormed } from "../../well_formed.ts";

const evaluations = [sampleEvaluation("baseline"), sampleEvaluation("hidden", { energy: sampleEnergy })];

/** Two right answers and one that is wrong, less sure than these. */
const predictions = [[0, 3], [2, 0], [0.5, 0]].map((logits, row) =>
  JSON.stringify({ id: `r${row}`, label: [1, 0, 1][row], logits, energy: row - 2.5 })
).join("\n");

/** A stage that gives what it is given. */
const giveStage = (outputs: string) => `
import { z } from "zod";
import { join } from "node:path";

export default {
  description: "Gives what it is given.",
  parameters: z.strictObject({ seed: z.int().default(1) }),
  inputs: { files: { description: "a folder" } },
  outputs: { ${outputs} },
  async run({ input, output }) {
    for (const { name } of Deno.readDirSync(input("files"))) {
      await Deno.copyFile(join(input("files"), name), join(output, name));
    }
  },
};
`;

const files = {
  "stages/evaluate.ts": giveStage(
    '"metrics.json": "figures", "predictions.dev2.jsonl": "logits", "predictions.noise.jsonl": "logits"',
  ),
  "stages/compare.ts": giveStage('"comparison.json": "the variants compared"'),
  "data/compared/comparison.json": JSON.stringify(sampleComparison(evaluations)),
  ...Object.fromEntries(evaluations.flatMap((evaluation) => [
    [`data/${evaluation.variant}/metrics.json`, JSON.stringify(evaluation)],
    ...["dev2", "noise"].map((of) =>
      [`data/${evaluation.variant}/predictions.${of}.jsonl`, `${predictions}\n`] as const
    ),
  ])),
  "pipeline.yaml": `
stages:
  evaluate:
    run: stages/evaluate.ts
    matrix: { variant: [baseline, hidden] }
    needs: { files: "./data/\${matrix.variant}" }
  compare:
    run: stages/compare.ts
    needs: { files: ./data/compared }
`,
};

Deno.test("the charts of a pipeline without a report are files with literal colours, the same each time", async () => {
  using project = makeProject(files);
  const early = await pipeline(project, "plots");
  assert.equal(early.code, 2);
  assert.match(
    early.errors,
    /^error: found no evaluation among the results, expected results of stages\/evaluate/,
  );
  assert.equal((await pipeline(project)).code, 0);
  const { code, output, errors } = await pipeline(project, "plots");
  assert.equal(code, 0, errors);
  const names = [
    ...["intervals", "reliability", "reliability-overlay", "risk-coverage", "confidence", "energies"],
    "losses",
  ];
  assert.deepEqual(output.trim().split("\n"), names.map((name) => `plots/${name}.svg`));
  for (const name of names) {
    const svg = project.read(`plots/${name}.svg`);
    assertWellFormed(svg);
    assert.doesNotMatch(svg, /NaN|undefined|var\(|currentColor/);
    assert.match(svg, /hidden/);
  }
  const again = await pipeline(project, "plots", "--out", "again", "--json");
  assert.deepEqual(JSON.parse(again.output), names.map((name) => `again/${name}.svg`));
  for (const name of names) {
    assert.equal(project.read(`again/${name}.svg`), project.read(`plots/${name}.svg`));
  }
  const taken = await pipeline(project, "plots");
  assert.equal(taken.code, 2);
  assert.match(taken.errors, /plots: found an existing file, or a folder that isn't empty/);
});

Deno.test("without a comparison there are charts of the evaluations named, and alike ones go by their instances", async () => {
  using project = makeProject({
    ...files,
    "pipeline.yaml": `
stages:
  evaluate:
    run: stages/evaluate.ts
    matrix: { precision: [float32, bfloat16] }
    needs: { files: ./data/hidden }
`,
  });
  await pipeline(project);
  assert.equal((await pipeline(project, "plots")).code, 0);
  const both = project.read("plots/reliability.svg");
  assert.match(both, /Reliability diagram of float32, as trained/);
  assert.match(both, /Reliability diagram of bfloat16, as trained/);
  assert.equal((await pipeline(project, "plots", "evaluate@float32", "--out", "one")).code, 0);
  const one = project.read("one/reliability.svg");
  assert.match(one, /Reliability diagram of hidden, as trained/);
});
