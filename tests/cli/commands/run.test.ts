import assert from "node:assert/strict";
import { chain, copyStage, makeProject, pipeline } from "../../pipeline/synthetic.ts";

/** The chain, in which instances whose `label` is "bad" fail. */
const fragile = {
  ...chain,
  "stages/copy.ts": copyStage.replace(
    "async run({ parameters, input, output }) {",
    'async run({ parameters, input, output }) {\n    if (parameters.label === "bad") throw new Error("can\'t");',
  ),
};

Deno.test("--only runs what is named, and needs the rest to be up to date", async () => {
  using project = makeProject(chain);
  const early = await pipeline(project, "run", "second@long", "--only");
  assert.equal(early.code, 2);
  assert.deepEqual(early.ran, []);
  assert.match(
    early.errors,
    /^error: found first@long, which isn't up to date, expected .*\n {2}Name first@long too, or leave out --only\.\n$/,
  );
  await pipeline(project);
  project.write({ "pipeline.yaml": chain["pipeline.yaml"].replace("words: 2", "words: 1") });
  assert.deepEqual((await pipeline(project, "run", "second@long", "--only")).ran, ["second@long"]);
  assert.equal((await pipeline(project, "run", "all", "--only")).code, 2);
  assert.deepEqual((await pipeline(project, "run", "second", "all", "--only")).ran, ["all", "second@short"]);
});

Deno.test("--from runs what follows, --until what is needed, both what is between", async () => {
  using project = makeProject(chain);
  const ran = async (...args: readonly string[]) => (await pipeline(project, "run", "--force", ...args)).ran;
  assert.deepEqual(await ran("--until", "second@long"), ["first@long", "second@long"]);
  assert.deepEqual(await ran("--from", "second"), ["all", "first@short", "second@long", "second@short"]);
  assert.deepEqual(await ran("--from", "first@long"), ["all", "first@long", "second@long"]);
  assert.deepEqual(await ran("--from", "first@long", "--until", "second"), ["first@long", "second@long"]);
  assert.deepEqual(await ran("*@long", "--from", "second"), ["second@long"]);
  const none = await pipeline(project, "run", "--from", "all", "--until", "first");
  assert.equal(none.code, 2);
  assert.match(none.errors, /^error: found no stage between those named/);
});

Deno.test("--keep-going does what doesn't depend on a failure, and tells what failed and what was skipped", async () => {
  using project = makeProject({
    ...fragile,
    "pipeline.yaml": chain["pipeline.yaml"].replaceAll("[short, long]", "[bad, good]"),
  });
  const { code, ran, output } = await pipeline(project, "run", "--keep-going");
  assert.equal(code, 1);
  assert.deepEqual(ran, ["first@good", "second@good"]);
  assert.match(
    output,
    /\n✗ 1 failed, 2 skipped, 2 done, 0 cached in .*\n {2}failed: first@bad\n {2}skipped: second@bad, all\n$/,
  );
});

Deno.test("run --json prints how each instance ended, and nothing else", async () => {
  using project = makeProject({
    ...fragile,
    "pipeline.yaml": chain["pipeline.yaml"].replaceAll("[short, long]", "[good, bad]"),
  });
  await pipeline(project, "run", "first@good");
  const { code, output } = await pipeline(project, "run", "--keep-going", "--json");
  assert.equal(code, 1);
  const { outcome, instances } = JSON.parse(output);
  assert.equal(outcome, "failed");
  assert.deepEqual(
    instances.map(({ instance, state }: { instance: string; state: string }) => `${instance} ${state}`),
    ["first@good cached", "first@bad failed", "second@good done", "second@bad skipped", "all skipped"],
  );
  assert.match(instances[0].key, /^[0-9a-f]{64}$/);
  assert.equal(instances[1].reason, "can't");
  assert.match(project.read(instances[1].log), /can't/);
});
