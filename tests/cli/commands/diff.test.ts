import assert from "node:assert/strict";
import { makeProject, pipeline } from "../../pipeline/synthetic.ts";

const measureStage = `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Measures something.",
  parameters: z.strictObject({
    rate: z.number().describe("what the figures depend on"),
    bins: z.array(z.int()).default([1, 2]).describe("figures as they are"),
  }),
  inputs: {},
  outputs: { "metrics.json": "figures", "notes.txt": "always the same" },
  async run({ parameters: { rate, bins }, output }) {
    const metrics = { name: "r" + rate, accuracy: rate / 4, curve: { bins } };
    await Deno.writeTextFile(join(output, "metrics.json"), JSON.stringify(metrics));
    await Deno.writeTextFile(join(output, "notes.txt"), "notes");
  },
});
`;
const measuring = {
  "stages/measure.ts": measureStage,
  "pipeline.yaml": `
stages:
  measure:
    run: stages/measure.ts
    matrix: { rate: [1, 2] }
    params: { rate: "\${matrix.rate}" }
`,
};

Deno.test("diff compares two instances: what they depend on, their numbers, their files", async () => {
  using project = makeProject(measuring);
  await pipeline(project);
  const { code, output } = await pipeline(project, "diff", "measure@1", "measure@2");
  assert.equal(code, 0);
  assert.match(output, /^from measure@1 {2}made .*\nto {3}measure@2 {2}made /);
  assert.match(output, /\ndepends on\n {2}parameter {2}rate {2}1 → 2\n/);
  assert.match(output, /\nnumbers\n {2}metrics\.json {2}accuracy {2}0\.25 → 0\.5 {2}\+0\.25\n/);
  assert.match(output, /\nfiles\n {2}metrics\.json {2}[0-9a-f]{12} → [0-9a-f]{12}\n$/);
  assert.match((await pipeline(project, "diff", "measure@1", "measure@1")).output, /\nno difference\n$/);
});

Deno.test("diff of one instance compares it with its result before, keys name older ones", async () => {
  using project = makeProject(measuring);
  await pipeline(project);
  const single = await pipeline(project, "diff", "measure@1");
  assert.equal(single.code, 2);
  assert.match(single.errors, /^error: found one result of measure@1 only/);
  await pipeline(project, "--set", "measure.bins=[1, 3, 5]");
  const { before, after, changes, numbers } = JSON.parse(
    (await pipeline(project, "diff", "measure@1", "--json")).output,
  );
  assert.deepEqual(changes, [{ part: "parameter", name: "bins", before: [1, 2], after: [1, 3, 5] }]);
  assert.deepEqual(numbers, [
    { file: "metrics.json", path: "curve.bins.1", before: 2, after: 3 },
    { file: "metrics.json", path: "curve.bins.2", after: 5 },
  ]);
  const reversed = JSON.parse(
    (await pipeline(project, "diff", after.key, before.key.slice(0, 10), "--json")).output,
  );
  assert.deepEqual([reversed.before, reversed.after], [after, before]);
  const unknown = await pipeline(project, "diff", "measure@3");
  assert.equal(unknown.code, 2);
  assert.match(unknown.errors, /^error: found no result of "measure@3".*\n {2}Did you mean "measure@1"\?\n$/);
});
