import assert from "node:assert/strict";
import { chain, makeProject, pipeline } from "../../pipeline/synthetic.ts";

Deno.test("status tells what is to run and why, and runs nothing", async () => {
  using project = makeProject(chain);
  assert.match((await pipeline(project, "status")).output, /^● first@short +never run$/m);
  await pipeline(project);
  const current = await pipeline(project, "status");
  assert.match(current.output, /^✓ first@short +made \d{4}-\d\d-\d\d \d\d:\d\d in /m);
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
