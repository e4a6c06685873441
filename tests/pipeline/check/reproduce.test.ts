import assert from "node:assert/strict";
import { filesBelow } from "../one_stage.ts";
import { chain, makeProject, pipeline, type Project } from "../synthetic.ts";

Deno.test("a stage that makes the same again is reproduced, and nothing of it is kept", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const before = filesBelow(project.path("artifacts"));
  const { code, output } = await pipeline(project, "reproduce", "first", "all");
  assert.equal(code, 0);
  assert.match(output, /^✓ first@short {2}reproduced: 1 file, the same bytes\n✓ first@long .*\n✓ all .*\n$/);
  assert.deepEqual(filesBelow(project.path("artifacts")), before);
});

/** A stage whose loss depends on the clock, by less than 1. */
function unsteady(tolerance: string): Project {
  return makeProject({
    "stages/one.ts": `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Isn't reproducible.",
  parameters: z.strictObject({}),
  inputs: {},
  outputs: { "metrics.json": "a number" },
  ${tolerance}
  run({ output }) {
    const loss = 1000 + (performance.timeOrigin + performance.now()) / 1e4 % 1;
    Deno.writeTextFileSync(join(output, "metrics.json"), JSON.stringify({ steps: 3, loss }));
    return Promise.resolve();
  },
});
`,
    "pipeline.yaml": "stages:\n  one:\n    run: stages/one.ts\n",
  });
}

Deno.test("a stage that makes something else is told with the file, the path in it and both values", async () => {
  using project = unsteady("");
  await pipeline(project);
  const told = await pipeline(project, "reproduce", "one");
  assert.equal(told.code, 1);
  assert.match(
    told.output,
    /^✗ one {2}different: metrics\.json, \$\.loss\n {4}before {2}1000\.\d+\n {4}now {5}1000\.\d+\n$/,
  );
  const [{ outcome, file, first }] = JSON.parse(
    (await pipeline(project, "reproduce", "one", "--json")).output,
  );
  assert.deepEqual([outcome, file, first.place], ["different", "metrics.json", "$.loss"]);
  assert.equal(JSON.parse(project.read("artifacts/one/metrics.json")).loss, Number(first.before));
});

Deno.test("a difference within the tolerance that the stage declares is none", async () => {
  using project = unsteady('tolerance: { "metrics.json": { absolute: 1 } },');
  await pipeline(project);
  const { code, output } = await pipeline(project, "reproduce", "one");
  assert.equal(code, 0);
  assert.match(output, /reproduced: 1 file, metrics\.json within the declared tolerance/);
});

Deno.test("what isn't up to date can't be reproduced", async () => {
  using project = makeProject(chain);
  const { code, errors } = await pipeline(project, "reproduce", "all");
  assert.equal(code, 2);
  assert.match(
    errors,
    /^error: found first@short, which isn't up to date, expected a result to compare with\n/,
  );
});
