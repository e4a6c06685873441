/** Several pipeline files in one project, and a person's own folders beside their views. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { removeIfEmpty } from "../../../src/pipeline/store/atomic.ts";
import { placeOf } from "../../../src/pipeline/store/pipeline_place.ts";
import { copyStage, makeProject, pipeline, type Project } from "../synthetic.ts";

const stages = (own: string, words: number) => `
stages:
  ${own}: { run: stages/copy.ts, needs: { text: ./data.txt }, params: { words: ${words}, label: ${own} } }
  shared: { run: stages/copy.ts, needs: { text: ./data.txt }, params: { words: ${words} } }
`;

const two = {
  "stages/copy.ts": copyStage,
  "stages/head.ts":
    'export const head = (text: string, count: number) => text.split(" ").slice(0, count).join(" ");',
  "data.txt": "one two three four",
  "pipeline.yaml": stages("first", 1),
  "more/b.yaml": stages("second", 2),
};
const other = ["--file", "more/b.yaml"];

const shown = (project: Project) =>
  ["first/text.txt", "shared/text.txt", "more+b.yaml/second/text.txt", "more+b.yaml/shared/text.txt"]
    .map((path) =>
      existsSync(project.path("artifacts", path)) ? project.read(`artifacts/${path}`) : undefined
    );

Deno.test("each pipeline file has views, newest results and logs of its own", async () => {
  using project = makeProject(two);
  await pipeline(project);
  await pipeline(project, ...other);
  assert.deepEqual(shown(project), ["one", "one", "one two", "one two"]);
  for (const [args, instances] of [[[], ["first", "shared"]], [other, ["second", "shared"]]] as const) {
    const status = await pipeline(project, "status", ...args);
    assert.match(status.output, /all up to date\n$/);
    const audited = JSON.parse((await pipeline(project, "audit", "--json", ...args)).output).actions;
    assert.deepEqual(
      audited.map(({ record }: { record: { instance: string } }) => record.instance).sort(),
      instances,
    );
    assert.match((await pipeline(project, "verify", ...args)).output, /as it was made: 2 results/);
    assert.equal((await pipeline(project, "log", instances[0], ...args)).code, 0);
    assert.equal((await pipeline(project, "log", instances[0], ...(args.length ? [] : other))).code, 2);
  }
  await pipeline(project);
  assert.deepEqual(shown(project), ["one", "one", "one two", "one two"], "neither removes the other's");
});

Deno.test("gc keeps what each pipeline file shows until the file is gone, and --dry-run lists what would go", async () => {
  using project = makeProject(two);
  await pipeline(project);
  for (const words of [2, 3, 4]) {
    project.write({ "more/b.yaml": stages("second", words) });
    await pipeline(project, ...other);
  }
  const dry = (await pipeline(project, "gc", "--keep-runs", "1", "--dry-run")).output;
  assert.deepEqual(dry.match(/^(second|shared) {2}made \S+ \S+ key \w{12}$/gm)?.length, 4, dry);
  assert.match(dry, /\nwould remove 4 results, /);
  await pipeline(project, "gc", "--keep-runs", "1");
  assert.deepEqual([(await pipeline(project)).ran, (await pipeline(project, ...other)).ran], [[], []]);
  Deno.removeSync(project.path("more/b.yaml"));
  project.write({ "artifacts/more+b.yaml/mine.txt": "mine" });
  const gone = await pipeline(project, "gc", "--keep-runs", "1");
  assert.match(gone.output, /^more\/b\.yaml is gone: its views go too\nremoved /, gone.output);
  assert.deepEqual(shown(project), ["one", "one", undefined, undefined]);
  assert.equal(project.read("artifacts/more+b.yaml/mine.txt"), "mine");
});

Deno.test("what a person put in the place of a view is never replaced", async () => {
  using project = makeProject({ ...two, "artifacts/shared/notes.txt": "precious" });
  const refused = await pipeline(project);
  assert.equal(refused.code, 2);
  assert.match(
    refused.errors,
    /artifacts\/shared: found something that the pipeline didn't make, expected nothing, or what it has shown there/,
  );
  assert.deepEqual(refused.ran, [], "told before anything runs");
  assert.equal(project.read("artifacts/shared/notes.txt"), "precious");
  Deno.renameSync(project.path("artifacts/shared"), project.path("artifacts/mine"));
  assert.equal((await pipeline(project)).code, 0);
  Deno.removeSync(project.path("artifacts/shared"), { recursive: true });
  project.write({ "artifacts/shared/notes.txt": "precious" }); // in the place of a view that was there
  assert.equal((await pipeline(project)).code, 2);
  project.write({ "pipeline.yaml": stages("first", 1).replace(/ {2}shared.*\n/, "") });
  assert.equal((await pipeline(project)).code, 0, "the stage is no more, and what is in its place stays");
  assert.equal(project.read("artifacts/shared/notes.txt"), "precious");
  assert.ok(existsSync(project.path("artifacts/mine/notes.txt")));
});

Deno.test("what a person put in the place of the folder around views is told before anything runs, and stays", async () => {
  const matrix = (variants: string) =>
    `stages:\n  first:\n    run: stages/copy.ts\n    matrix: { label: [${variants}] }\n` +
    '    needs: { text: ./data.txt }\n    params: { label: "${matrix.label}" }\n';
  using project = makeProject({ ...two, "pipeline.yaml": matrix("a, b"), "artifacts/first": "precious" });
  const refused = await pipeline(project);
  assert.equal(refused.code, 2);
  assert.match(refused.errors, /artifacts\/first: found something that the pipeline didn't make/);
  assert.doesNotMatch(refused.output, /running/);
  Deno.renameSync(project.path("artifacts/first"), project.path("mine"));
  assert.equal((await pipeline(project)).code, 0);
  Deno.removeSync(project.path("artifacts/first"), { recursive: true });
  Deno.renameSync(project.path("mine"), project.path("artifacts/first"));
  project.write({ "pipeline.yaml": stages("second", 1) });
  assert.equal((await pipeline(project)).code, 0, "no view is to be there any more");
  assert.equal(project.read("artifacts/first"), "precious");
});

Deno.test("a link to a folder of views stays, whatever becomes of the views", () => {
  const folder = Deno.makeTempDirSync();
  Deno.mkdirSync(join(folder, "empty"));
  Deno.symlinkSync(join(folder, "empty"), join(folder, "link"));
  Deno.writeTextFileSync(join(folder, "file"), "");
  ["link", "file", "empty", "none"].forEach((name) => removeIfEmpty(join(folder, name)));
  assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["file", "link"]);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("views that have no note, as in a copy of artifacts/, are known by what they show", async () => {
  using project = makeProject(two);
  await pipeline(project);
  Deno.removeSync(project.path("artifacts/.store/views"), { recursive: true });
  project.write({ "pipeline.yaml": stages("first", 3) });
  assert.equal((await pipeline(project)).code, 0);
  assert.equal(project.read("artifacts/shared/text.txt"), "one two three");
});

Deno.test("a pipeline file's place is no stage's, and inside artifacts/", () => {
  const store = "/p/artifacts/.store";
  const folders = { project: "/p", artifacts: "/p/artifacts", root: store, state: store };
  const views = (file: string) => placeOf(folders, file).views;
  assert.equal(views("pipeline.yaml"), "/p/artifacts");
  assert.equal(views("/p/pipeline.yaml"), "/p/artifacts");
  assert.equal(views("./b.yaml"), "/p/artifacts/b.yaml");
  assert.equal(views("pipelines/smoke.yaml"), "/p/artifacts/pipelines+smoke.yaml");
  for (
    const file of ["b", "../b.yaml", "/b.yaml", "setup/b", "a+b.yaml", "ü ?.yaml", ".hidden.yaml", ".store/x"]
  ) {
    assert.match(views(file), /^\/p\/artifacts\/[\w-]+\.[0-9a-f]{8}$/, file);
  }
});
