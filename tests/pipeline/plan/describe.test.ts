/** Planning imports stages' modules in a process that may read their code and nothing else. */

import assert from "node:assert/strict";
import { readDocument } from "../../../src/pipeline/file/document.ts";
import { stageCode } from "../../../src/pipeline/plan/code.ts";
import { describeModules } from "../../../src/pipeline/plan/describe.ts";
import type { StatCache } from "../../../src/pipeline/store/stat_cache.ts";
import { projectWith } from "../one_stage.ts";
import { chain, makeProject, pipeline } from "../synthetic.ts";

Deno.test("what a module's top level tries while it is planned is refused, and can't change a plan", async () => {
  using project = projectWith(`Deno.writeTextFileSync(join(output, "text.txt"), tried);`);
  project.write({
    "stages/one.ts": project.read("stages/one.ts").replace(
      "export default",
      `
const attempts: Readonly<Record<string, () => unknown>> = {
  run: () => new Deno.Command("touch", { args: [${JSON.stringify(project.path("escaped"))}] }).outputSync(),
  read: () => Deno.readTextFileSync("secret.txt"),
  write: () => Deno.writeTextFileSync("escaped", ""),
  env: () => Deno.env.get("HOME"),
};
let tried = "";
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    attempt();
    tried += name + " ";
  } catch { /* refused */ }
}
console.log("a line on stdout", tried);
setInterval(() => {}, 1000).unref();
export default`,
    ),
  });
  for (const command of ["plan", "status", "graph", "schema", "run"]) {
    const { code, output, errors } = await pipeline(project, command);
    assert.equal(code, 0, errors);
    assert.doesNotMatch(output, /a line on stdout/);
  }
  assert.equal(project.read("artifacts/one/text.txt"), "");
  assert.throws(() => Deno.statSync(project.path("escaped")), Deno.errors.NotFound);
});

Deno.test("modules that end or hold up the process that describes them are told in one message", async () => {
  for (const code of ["Deno.exit(0);", `throw new Error("no");`, "await new Promise(() => {});"]) {
    using project = makeProject({ ...chain, "stages/join.ts": `${code}\n${chain["stages/join.ts"]}` });
    const { code: exit, errors } = await pipeline(project, "status");
    assert.equal(exit, 2);
    assert.match(
      errors,
      /^error: pipeline\.yaml:\d+:\d+: found a module that can't be loaded \(.+\), expected/,
    );
    assert.doesNotMatch(errors, /^ +at /m);
  }
});

Deno.test("a schema's mistakes have their places, whether or not the stage's answer is remembered", async () => {
  using project = makeProject(chain);
  for (let time = 0; time < 2; time++) {
    const { code, errors } = await pipeline(project, "--set", "first.wrods=1");
    assert.equal(code, 2);
    assert.match(errors, /--set first\.wrods=1: found unknown key "wrods", .*\n {2}Did you mean "words"\?/);
    assert.equal((await pipeline(project)).code, 0);
  }
});

Deno.test("what is remembered and can't be read, as after an update of the engine, is found out again", async () => {
  using project = makeProject(chain);
  const remembering = (text: string | undefined): StatCache => ({
    recall: (name) => name.startsWith("module ") ? undefined : text,
    remember() {},
    retain() {},
    save() {},
  });
  const read = async (remembered: string | undefined) => {
    const cache = remembering(remembered);
    const code = await stageCode(project.path("stages/join.ts"), project.root, cache);
    const module = { module: project.path("stages/join.ts"), code, written: [{}] };
    return { code, described: await describeModules([module], project.root, cache) };
  };
  const right = await read(undefined);
  assert.equal(right.described[0]?.kind, "stage");
  for (const text of ["{}", "{", "null"]) assert.deepEqual(await read(text), right, text);
  const file = project.path("pipeline.yaml");
  assert.deepEqual(readDocument(file, remembering("{")).value, readDocument(file).value);
});
