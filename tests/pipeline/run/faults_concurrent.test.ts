import assert from "node:assert/strict";
import { letGo, logged, projectWith, untilLetGo } from "../one_stage.ts";
import { chain, copyStage, ended, follow, makeProject, pipeline, start, until } from "../synthetic.ts";

const waiting = "another process is making one: waiting for it";

for (const runs of [2, 8]) {
  Deno.test(`of ${runs} runs at once each action is done by one, and all end right`, async () => {
    using project = makeProject(chain);
    const all = await Promise.all(Array.from({ length: runs }, () => ended(start(project, []))));
    assert.deepEqual(all.map(({ code }) => code), all.map(() => 0));
    assert.deepEqual(all.flatMap(({ ran }) => ran).sort(), [
      "all",
      "first@long",
      "first@short",
      "second@long",
      "second@short",
    ]);
    assert.equal(project.read("artifacts/all/all.txt"), "long: one two\nshort: one two\n");
    assert.equal((await pipeline(project, "verify")).code, 0);
  });
}

Deno.test("runs that ask for different things at once both get them, without waiting for each other", async () => {
  using project = projectWith(`give(); log("started"); if (parameters.ms > 0) await pause(parameters.ms);`);
  const slow = start(project, ["--set", "one.ms=3000"]);
  await until(() => logged(project).includes("started"));
  const quick = await pipeline(project);
  assert.deepEqual(quick.ran, ["one"]);
  assert.doesNotMatch(quick.output, /waiting/);
  assert.deepEqual((await ended(slow)).ran, ["one"]);
});

Deno.test("who waits for what another process makes says so, and finds it", async () => {
  using project = projectWith(`give(); log("started"); ${untilLetGo}`);
  const first = start(project, []);
  await until(() => logged(project).includes("started"));
  const second = follow(start(project, []));
  await until(() => second.output().includes(waiting));
  letGo(project);
  assert.deepEqual((await ended(first)).ran, ["one"]);
  const { ran, output } = await second.ended;
  assert.deepEqual(ran, []);
  assert.match(output, new RegExp(`${waiting}\n✓ all 1 stage up to date`));
});

Deno.test("while one instance waits for another process, others have its share of the resources", async () => {
  using project = projectWith(`give(); log("started"); if (parameters.ms > 0) { ${untilLetGo} }`);
  const first = start(project, ["--set", "one.ms=1"]);
  await until(() => logged(project).includes("started"));
  const text = project.read("pipeline.yaml");
  const one = text.slice(text.indexOf("  one:"));
  project.write({
    "pipeline.yaml": `resources: { cpu: 1 }\n${text}    params: { ms: 1 }\n${one.replace("one:", "two:")}`,
  });
  const second = follow(start(project, []));
  await until(() => /✓ two +done in /.test(second.output()) && second.output().includes(waiting));
  letGo(project);
  assert.deepEqual((await ended(first)).ran, ["one"]);
  const { ran, output } = await second.ended;
  assert.deepEqual(ran, ["two"]);
  assert.match(output, /✓ two +done in [^]*✓ one +cached/);
});

Deno.test("who waits for a process that is killed does the action itself", async () => {
  using project = projectWith(`give(); log("started"); ${untilLetGo}`);
  const first = start(project, []);
  await until(() => logged(project).includes("started"));
  const second = follow(start(project, []));
  await until(() => second.output().includes(waiting));
  first.kill("SIGKILL");
  await ended(first);
  letGo(project);
  assert.deepEqual((await second.ended).ran, ["one"]);
});

Deno.test("instances that do the same are done once in a run", async () => {
  using project = makeProject({
    ...chain,
    "stages/copy.ts": copyStage,
    "pipeline.yaml": `
stages:
  one: { run: stages/copy.ts, needs: { text: ./data.txt } }
  two: { run: stages/copy.ts, needs: { text: ./data.txt } }
`,
  });
  assert.equal((await pipeline(project)).ran.length, 1);
  assert.equal(project.read("artifacts/one/text.txt"), project.read("artifacts/two/text.txt"));
  assert.equal((await pipeline(project, "run", "--force")).ran.length, 1);
});
