/** The commands that explain: plan, why, log, diff. */

import assert from "node:assert/strict";
import { reasonOf } from "../../../src/cli/terminal/explain.ts";
import { type ActionKey, digestOf } from "../../../src/pipeline/store/digest.ts";
import { chain, copyStage, headModule, makeProject, pipeline } from "../../pipeline/synthetic.ts";

Deno.test("plan tells what would run and why, in the graph's order, and runs nothing", async () => {
  using project = makeProject(chain);
  assert.equal(
    (await pipeline(project, "plan", "second@long")).output,
    "● first@long   never run\n● second@long  after first@long: never run\n2 stages to run, 0 up to date\n",
  );
  await pipeline(project);
  assert.equal((await pipeline(project, "plan")).output, "nothing to run: all up to date\n");
  project.write({ "stages/head.ts": headModule.replace("slice(0, count)", "slice(-count)") });
  const { code, output } = await pipeline(
    project,
    "plan",
    "--set",
    "first.words=1",
    "--set",
    "vars.ending=.",
  );
  assert.equal(code, 0);
  assert.equal(
    output,
    `● first@short   parameter words, module stages/head.ts changed
● first@long    parameter words, module stages/head.ts changed
● second@short  after first@short: parameter ending, module stages/head.ts changed
● second@long   after first@long: parameter ending, module stages/head.ts changed
○ all           after second@long, second@short: its inputs may change
4 stages to run, 1 that may follow, 0 up to date
`,
  );
  assert.match(
    (await pipeline(project, "status")).output,
    /^● first@short +to run: module stages\/head.ts changed$/m,
  );
});

Deno.test("plan takes the selections of run", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  assert.equal(
    (await pipeline(project, "plan", "--force", "--from", "second@long")).output,
    "● second@long  forced\n● all          forced\n2 stages to run, 3 up to date\n",
  );
  project.write({ "data.txt": "six\n" });
  const { code, errors } = await pipeline(project, "plan", "all", "--only");
  assert.equal(code, 2);
  assert.match(errors, /^error: found first@\w+, which isn't up to date/);
});

Deno.test("a reason names up to two changes of a part, and counts more", () => {
  const changesOf = (part: "parameter" | "module" | "environment", ...names: readonly string[]) =>
    names.map((name) => ({ part, name, before: "old", after: "new" }));
  const changes = [
    ...changesOf("parameter", "rate", "steps"),
    ...changesOf("module", "a.ts", "b.ts", "c.ts"),
    ...changesOf("environment", "deno"),
  ];
  const last = { key: digestOf("") as string as ActionKey, ended: "2026-01-01T00:00:00.000Z" };
  assert.equal(
    reasonOf({ instance: "a", state: "stale", last, changes }),
    "parameters rate and steps, 3 modules, environment fact deno changed",
  );
});

Deno.test("plan names a damaged result", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const view = project.path("artifacts/all/all.txt");
  Deno.chmodSync(view, 0o644);
  Deno.writeTextFileSync(view, "damaged");
  assert.match((await pipeline(project, "plan")).output, /^● all {2}its result was damaged$/m);
});

Deno.test("why tells each field that differs from the last run, from what to what", async () => {
  using project = makeProject(chain);
  await pipeline(project, "run", "first@long");
  assert.match(
    (await pipeline(project, "why", "first@long")).output,
    /^✓ first@long {2}up to date: nothing that it depends on has changed {2}made .*, key [0-9a-f]{12}\n$/,
  );
  project.write({
    "data.txt": "another text\n",
    "stages/copy.ts": copyStage.replace('"./head.ts"', '"./first.ts"'),
    "stages/first.ts": headModule,
  });
  const { output } = await pipeline(project, "why", "first@long", "all", "--set", "first.words=1");
  assert.match(output, /^● first@long {2}5 changes since its last result {2}made .*, key [0-9a-f]{12}$/m);
  assert.match(output, /^ {2}parameter {2}words +3 → 1$/m);
  assert.match(output, /^ {2}module +stages\/copy\.ts +[0-9a-f]{12} → [0-9a-f]{12}$/m);
  assert.match(output, /^ {2}module +stages\/first\.ts +none → [0-9a-f]{12}$/m);
  assert.match(output, /^ {2}module +stages\/head\.ts +[0-9a-f]{12} → none$/m);
  // sha256sum of "one two three four five\n" and "another text\n"
  assert.match(output, /^ {2}input +text +37bbce1230bb → 4d5afd0123ab$/m);
  assert.match(output, /^● all {2}never run; waits for second@long, second@short$/m);
});

Deno.test("why --json holds whole digests", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const [status, ...more] = JSON.parse(
    (await pipeline(project, "why", "second@short", "--json", "--set", "vars.ending=x")).output,
  );
  assert.deepEqual(more, []);
  assert.equal(status.state, "stale");
  assert.match(status.last.key, /^[0-9a-f]{64}$/);
  assert.deepEqual(status.changes, [{ part: "parameter", name: "ending", before: "", after: "x" }]);
});

Deno.test("log prints what a stage printed when it last ran, though it failed", async () => {
  using project = makeProject({
    ...chain,
    "stages/copy.ts": copyStage.replace(
      "async run({ parameters, input, output }) {",
      `async run({ parameters, input, output, log }) {
    log("I keep " + parameters.words);
    if (parameters.words > 3) throw new Error("too many");`,
    ),
  });
  await pipeline(project, "run", "first@long");
  assert.equal((await pipeline(project, "log", "first@long")).output, "I keep 3\n");
  await pipeline(project, "run", "first@long", "--set", "first.words=4");
  const failed = await pipeline(project, "log", "first");
  assert.match(failed.output, /^I keep 4\n.*too many/);
  const [log] = JSON.parse((await pipeline(project, "log", "first@*", "--json")).output);
  assert.equal(log.instance, "first@long");
  assert.equal(log.text, project.read(log.path));
  const none = await pipeline(project, "log", "second");
  assert.equal(none.code, 2);
  assert.match(none.errors, /^error: found no stage "second".*\n {2}Known: first, first@long\.\n$/);
});

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
  assert.match(single.errors, /^error: found only one result of measure@1/);
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

const shoutStage = `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Writes texts in capitals.",
  parameters: z.strictObject({}),
  inputs: { texts: { description: "a folder of texts" } },
  outputs: { loud: "a folder of texts" },
  async run({ input, output }) {
    await Deno.mkdir(join(output, "loud"));
    for (const { name } of Deno.readDirSync(input("texts"))) {
      const text = await Deno.readTextFile(join(input("texts"), name));
      await Deno.writeTextFile(join(output, "loud", name), text.toUpperCase());
    }
  },
});
`;

Deno.test("why, plan and diff name the files that changed in a folder, of the user or of another stage", async () => {
  using project = makeProject({
    "stages/shout.ts": shoutStage,
    "texts/a.txt": "a",
    "texts/b.txt": "b",
    "texts/c.txt": "c",
    "pipeline.yaml": `
stages:
  first: { run: stages/shout.ts, needs: { texts: ./texts } }
  second: { run: stages/shout.ts, needs: { texts: first:loud } }
`,
  });
  await pipeline(project);
  project.write({ "texts/b.txt": "another", "texts/new.txt": "new" });
  Deno.removeSync(project.path("texts/c.txt"));
  assert.match(
    (await pipeline(project, "plan")).output,
    /^● first +input texts \(b\.txt, c\.txt removed and 1 more\) changed$/m,
  );
  const lines = "\n    b.txt changed\n    c.txt removed\n    new.txt added\n";
  assert.ok((await pipeline(project, "why", "first")).output.endsWith(lines));
  await pipeline(project, "run", "first");
  assert.ok((await pipeline(project, "why", "second")).output.endsWith(lines));
  await pipeline(project);
  const names = Array.from({ length: 9 }, (_, index) => `texts/${index}.txt`);
  project.write(Object.fromEntries(names.map((name) => [name, name])));
  await pipeline(project);
  for (const instance of ["first", "second"]) {
    const { output } = await pipeline(project, "diff", instance);
    assert.match(output, /^depends on\n {2}input .*\n {4}0\.txt added\n(.*\n){4} {4}and 4 more\n\nfiles$/m);
    const { changes } = JSON.parse((await pipeline(project, "diff", instance, "--json")).output);
    assert.equal(changes[0].files.length, 9);
  }
});
