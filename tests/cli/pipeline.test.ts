import assert from "node:assert/strict";
import { chain, makeProject, pipeline } from "../pipeline/synthetic.ts";

Deno.test("status tells what is to run and why, and runs nothing", async () => {
  using project = makeProject(chain);
  assert.match((await pipeline(project, "status")).output, /^● first@short +never run$/m);
  await pipeline(project);
  const current = await pipeline(project, "status");
  assert.match(current.output, /^✓ first@short +up to date +made \d{4}-\d\d-\d\d \d\d:\d\d in /m);
  assert.match(current.output, /all up to date\n$/);
  project.write({ "data.txt": "another text\n" });
  const stale = await pipeline(project, "status", "--set", "first.words=1");
  assert.match(stale.output, /^● first@short +to run: parameter words, input text changed$/m);
  assert.match(stale.output, /^○ second@short +waits for first@short$/m);
  assert.match(stale.output, /^2 stages to run, 3 that may follow, 0 up to date: deno task pipeline\n$/m);
  assert.deepEqual(await pipeline(project, "--set", "first.words=1", "status"), stale);
  assert.equal(stale.code, 0);
});

Deno.test("status --json is for programs", async () => {
  using project = makeProject(chain);
  await pipeline(project, "run", "first@long");
  const statuses = JSON.parse((await pipeline(project, "status", "--json")).output);
  const states = statuses.map(({ instance, state }: { instance: string; state: string }) =>
    `${instance} ${state}`
  );
  assert.deepEqual(states, [
    "first@short new",
    "first@long current",
    "second@short waiting",
    "second@long new",
    "all waiting",
  ]);
});

Deno.test("audit goes from a file back to raw data", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const { code, output } = await pipeline(project, "audit", "artifacts/second/long/text.txt");
  assert.equal(code, 0);
  assert.match(
    output,
    /^✓ artifacts\/second\/long\/text\.txt is what its stage made \(sha256 [0-9a-f]{12}\)/,
  );
  assert.match(output, /second@long\n(.*\n)* {2}inputs +text ← first@long:text\.txt/);
  assert.match(output, /first@long\n(.*\n)* {2}code +stages\/copy\.ts, 3 modules, 1 package/);
  assert.match(output, / {2}parameters +\{"ending":"","label":"long","words":3\}/);
  assert.match(output, /raw data\n {2}\.\/data\.txt {2}[0-9a-f]{12}\n$/);
});

Deno.test("audit --json holds the whole digests", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const { actions, raw } = JSON.parse((await pipeline(project, "audit", "all", "--json")).output);
  assert.equal(actions.length, 5);
  // sha256sum of "one two three four five\n"
  assert.deepEqual(raw, { "./data.txt": "37bbce1230bbac4c5f5222dbeba2cd0c83b075331ff9b47ca8069724fa76ed92" });
});

Deno.test("audit tells a file that isn't what its stage made", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  Deno.removeSync(project.path("artifacts/all/all.txt"));
  project.write({ "artifacts/all/all.txt": "forged" });
  const { code, output } = await pipeline(project, "audit", "artifacts/all/all.txt");
  assert.equal(code, 1);
  assert.match(output, /^✗ artifacts\/all\/all\.txt was changed/);
  const unknown = await pipeline(project, "audit", "al");
  assert.equal(unknown.code, 2);
  assert.match(unknown.errors, /^error: found no result of "al".*\n {2}Did you mean "all"\?\n$/);
});

Deno.test("wrong arguments and unknown stages end with exit code 2 and one message", async () => {
  using project = makeProject(chain);
  assert.deepEqual(await pipeline(project, "run", "--forse"), {
    code: 2,
    output: "",
    errors: "error: unknown option '--forse'\n(Did you mean --force?)\n",
    ran: [],
  });
  const { code, errors } = await pipeline(project, "run", "frist");
  assert.equal(code, 2);
  assert.match(errors, /^error: found no stage "frist", expected .*\n {2}Did you mean "first"\?\n$/);
  assert.equal(
    (await pipeline(project, "--file", "other.yaml")).errors.split("\n")[0],
    "error: other.yaml: found no such file, expected a pipeline file",
  );
});

Deno.test("every command has help with examples", async () => {
  using project = makeProject({});
  for (const command of ["run", "status", "plan", "why", "graph", "log", "diff", "audit"]) {
    const { code, output } = await pipeline(project, command, "--help");
    assert.equal(code, 0);
    assert.match(output, /Examples:\n {2}deno task pipeline/);
  }
  assert.match(
    (await pipeline(project, "--help")).output,
    /Exit codes: 0 done, 1 a stage failed, 2 wrong input, 130/,
  );
});
