import assert from "node:assert/strict";
import { chain, headModule, makeProject, pipeline, withoutPrices } from "../../pipeline/synthetic.ts";

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
    withoutPrices(output),
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
    withoutPrices((await pipeline(project, "plan", "--force", "--from", "second@long")).output),
    "● second@long  forced\n● all          forced\n2 stages to run, 3 up to date\n",
  );
  project.write({ "data.txt": "six\n" });
  const { code, errors } = await pipeline(project, "plan", "all", "--only");
  assert.equal(code, 2);
  assert.match(errors, /^error: found first@\w+, which isn't up to date/);
});

Deno.test("plan names a damaged result", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const view = project.path("artifacts/all/all.txt");
  Deno.chmodSync(view, 0o644);
  Deno.writeTextFileSync(view, "damaged");
  assert.match(withoutPrices((await pipeline(project, "plan")).output), /^● all {2}its result was damaged$/m);
});
