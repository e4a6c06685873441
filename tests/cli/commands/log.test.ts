import assert from "node:assert/strict";
import { chain, copyStage, makeProject, pipeline } from "../../pipeline/synthetic.ts";

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
