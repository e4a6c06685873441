/** What a commit says of a pipeline's results. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { lockFolder } from "../../../src/pipeline/share/locked_results.ts";
import { chain, makeProject, pipeline, type Project } from "../synthetic.ts";

const lockFiles = (project: Project, folder = "pipeline.lock") =>
  [...Deno.readDirSync(project.path(folder))].map(({ name }) => name).sort();

const keyOf = (project: Project, instance: string) =>
  project.read(`artifacts/.store/latest/${instance}`).trim();

const treeOf = (project: Project, instance: string) =>
  JSON.parse(project.read(`artifacts/.store/actions/${keyOf(project, instance)}.json`)).tree;

Deno.test("a lock lies beside its pipeline file", () => {
  assert.equal(lockFolder("pipeline.yaml"), "pipeline.lock");
  assert.equal(lockFolder("pipelines/smoke.yaml"), "pipelines/smoke.lock");
});

Deno.test("lock writes a file for each stage, with a sorted line for each instance", async () => {
  using project = makeProject({ ...chain, "other/small.yaml": chain["pipeline.yaml"] });
  await pipeline(project);
  const { code, output, errors } = await pipeline(project, "lock");
  assert.equal(code, 0, errors);
  assert.equal(output, "✓ 5 results locked in pipeline.lock\n");
  assert.deepEqual(lockFiles(project), ["all.txt", "first.txt", "second.txt"]);
  const lines = ["first@long", "first@short"].map((instance) =>
    `${instance} ${keyOf(project, instance)} ${treeOf(project, instance)}\n`
  );
  assert.equal(project.read("pipeline.lock/first.txt"), lines.join(""));
  assert.equal((await pipeline(project, "lock", "--file", "other/small.yaml")).code, 0);
  assert.deepEqual(lockFiles(project, "other/small.lock"), ["all.txt", "first.txt", "second.txt"]);
});

Deno.test("lock tells programs what it wrote", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const { folder, results } = JSON.parse((await pipeline(project, "lock", "--json")).output);
  assert.equal(folder, "pipeline.lock");
  assert.deepEqual(results.find(({ instance }: { instance: string }) => instance === "all"), {
    instance: "all",
    key: keyOf(project, "all"),
    tree: treeOf(project, "all"),
  });
});

Deno.test("what isn't up to date isn't locked, and the lock stays as it is", async () => {
  using project = makeProject(chain);
  const never = await pipeline(project, "lock");
  assert.equal(never.code, 2);
  assert.equal(
    never.errors,
    "error: found first@short, first@long, second@short and 2 more, not up to date, expected results of the pipeline " +
      "as it is now\n" +
      "  Bring all up to date with `deno task pipeline` and the same options, then lock again.\n",
  );
  assert.ok(!existsSync(project.path("pipeline.lock")));
  await pipeline(project);
  await pipeline(project, "lock");
  const before = project.read("pipeline.lock/second.txt");
  const stale = await pipeline(project, "lock", "--set", "second.words=1");
  assert.equal(stale.code, 2);
  assert.match(stale.errors, /found second@short, second@long, all, not up to date/);
  assert.equal(project.read("pipeline.lock/second.txt"), before);
});

Deno.test("afterwards the lock has the pipeline's stages and no others", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  await pipeline(project, "lock");
  project.write({
    "pipeline.yaml": chain["pipeline.yaml"].replace(/ {2}all:[^]*/, "").replace("[short, long]", "[long]")
      .replace("[short, long]", "[long]"),
  });
  await pipeline(project);
  assert.equal((await pipeline(project, "lock")).output, "✓ 2 results locked in pipeline.lock\n");
  assert.deepEqual(lockFiles(project), ["first.txt", "second.txt"]);
  assert.match(project.read("pipeline.lock/first.txt"), /^first@long \w{64} \w{64}\n$/);
});

Deno.test("verify says whether results are the locked ones, and names what differs", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  await pipeline(project, "lock");
  const same = await pipeline(project, "verify");
  assert.equal(same.code, 0);
  assert.match(same.output, /\n✓ everything is as locked in pipeline\.lock: 5 results\n$/);
  const locked = { key: keyOf(project, "all"), tree: treeOf(project, "all") };

  await pipeline(project, "--set", "vars.ending=-x");
  const other = await pipeline(project, "verify");
  assert.equal(other.code, 1);
  assert.match(
    other.output,
    new RegExp(
      `✗ all {2}action key not as locked\n {4}locked {4}${locked.key}\n {4}found {5}${
        keyOf(project, "all")
      }\n` +
        `✗ all {2}outputs not as locked\n {4}locked {4}${locked.tree}\n {4}found {5}${
          treeOf(project, "all")
        }\n`,
    ),
  );
  assert.match(
    other.output,
    /\n✗ 3 results not as locked in pipeline\.lock\n {2}To fetch the locked results: /,
  );
  const { lock } = JSON.parse((await pipeline(project, "verify", "--json")).output);
  assert.equal(lock.results, 5);
  assert.deepEqual(lock.differences[0], {
    instance: "all",
    what: "action key",
    locked: locked.key,
    found: keyOf(project, "all"),
  });
});

Deno.test("a key that gave other outputs is told, and so are results that are missing or not locked", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  await pipeline(project, "lock");
  const [other] = project.read("pipeline.lock/all.txt").match(/\w{64}/) ?? [];
  project.write({ "pipeline.lock/all.txt": `all ${keyOf(project, "all")} ${other}\n` });
  Deno.removeSync(project.path("artifacts/.store/latest/first@long"));
  Deno.removeSync(project.path("pipeline.lock/second.txt"));
  const { lock } = JSON.parse((await pipeline(project, "verify", "--json")).output);
  assert.deepEqual(
    lock.differences.map(({ instance, what, found }: Record<string, string>) =>
      `${instance} ${what} ${found}`
    ),
    [
      `all outputs ${treeOf(project, "all")}`,
      "first@long result none",
      `second@long result ${keyOf(project, "second@long")}`,
      `second@short result ${keyOf(project, "second@short")}`,
    ],
  );
});

Deno.test("a lock that a merge left broken is told with file and line", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  await pipeline(project, "lock");
  const [long, short] = project.read("pipeline.lock/first.txt").trimEnd().split("\n");
  for (
    const [text, line, found] of [
      [`${long}\n<<<<<<< HEAD\n${short}\n`, 2, "<<<<<<< HEAD"],
      [`${long}\n${long.replace(/.$/, "0")}\n`, 2, "first@long"], // a union of both sides
      [`${long.replace("first", "second")}\n`, 1, "second@long"],
      [`${long.slice(0, -1)}\n`, 1, "first@long"],
      ["", 1, ""],
    ] as const
  ) {
    project.write({ "pipeline.lock/first.txt": text });
    const { code, errors } = await pipeline(project, "verify");
    assert.equal(code, 2);
    assert.ok(errors.startsWith(`error: pipeline.lock/first.txt:${line}: found "${found}`), errors);
    assert.match(errors, /\n {2}After a merge, write the lock anew: /);
  }
  assert.equal((await pipeline(project, "lock")).code, 0);
  assert.equal((await pipeline(project, "verify")).code, 0);
});

Deno.test("lock and pull have help with examples", async () => {
  using project = makeProject({});
  for (const command of ["lock", "pull"]) {
    const { code, output } = await pipeline(project, command, "--help");
    assert.equal(code, 0);
    assert.match(output, /Examples:\n {2}deno task pipeline/);
  }
});
