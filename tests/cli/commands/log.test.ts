import assert from "node:assert/strict";
import { logged, projectWith } from "../../pipeline/one_stage.ts";
import { chain, copyStage, ended, makeProject, pipeline, start, until } from "../../pipeline/synthetic.ts";

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
  assert.equal((await pipeline(project, "log")).output, "I keep 3\n", "no name means all");
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

Deno.test("log tells an interruption, shows what was printed before it, and a run that goes on adds to it", async () => {
  using project = projectWith(`
    const [left] = Deno.readDirSync(checkpoint);
    log(left ? "the second half" : "the first half of " + Deno.readTextFileSync(input("text")).trim());
    Deno.writeTextFileSync(join(checkpoint, "half"), "");
    if (!left && parameters.ms > 0) await pause(parameters.ms);
    give();`);
  await pipeline(project);
  const slow = ["--set", "one.ms=60000"];
  const running = start(project, slow);
  await until(() => [...logged(project).matchAll(/first half/g)].length === 2);
  running.kill("SIGINT");
  assert.equal((await ended(running)).code, 130);
  const interrupted = (await pipeline(project, "log", "one")).output;
  const halves =
    /^one {2}\S+\nthe first half of hello\none {2}\S+\nthe first half of hello\n■ stopped before it was done\n$/;
  assert.match(interrupted, halves);
  await pipeline(project, ...slow);
  assert.equal(
    (await pipeline(project, "log", "one")).output,
    "the first half of hello\n■ stopped before it was done\ngoes on from the checkpoint of the run before\nthe second half\n",
  );
});
