/** Deno would wait for ever for a pipe among the files that it opens to list a module's imports. */

import assert from "node:assert/strict";
import { requirePlainModules } from "../../../src/pipeline/plan/plain_modules.ts";
import { projectWith } from "../one_stage.ts";
import { makeProject, pipeline, type Project } from "../synthetic.ts";

function pipeAt(project: Project, path: string): void {
  new Deno.Command("mkfifo", { args: [project.path(path)] }).outputSync();
}

const modules = {
  "stages/one.ts": `
    import "./a.ts";
    export * from '../b.ts';
    const late = () => import(
      "./c/late.ts");
    import type { T } from "./missing.ts";
  `,
  "stages/a.ts": `import { z } from "zod";`,
  "b.ts": "",
  "stages/c/late.ts": `import "../a.ts";`,
};

Deno.test("plain modules, and what isn't there, pass", () => {
  using project = makeProject(modules);
  requirePlainModules(project.path("stages/one.ts"), project.root);
});

Deno.test("a module, or a file of Deno's configuration, that is a pipe or a device is named", () => {
  using project = makeProject(modules);
  const pipes = [
    ...Object.keys(modules),
    "package.json",
    "stages/package.json",
    "deno.lock",
    "tsconfig.json",
  ];
  for (const path of pipes) {
    const text = path in modules || path === "deno.lock" ? project.read(path) : undefined;
    if (text !== undefined) Deno.removeSync(project.path(path));
    pipeAt(project, path);
    assert.throws(
      () => requirePlainModules(project.path("stages/one.ts"), project.root),
      { message: `${path}: found a named pipe, expected a plain file` },
    );
    Deno.removeSync(project.path(path));
    if (text !== undefined) project.write({ [path]: text });
  }
  Deno.removeSync(project.path("b.ts"));
  Deno.symlinkSync("/dev/zero", project.path("b.ts"));
  assert.throws(
    () => requirePlainModules(project.path("stages/one.ts"), project.root),
    { message: "b.ts: found a device, expected a plain file" },
  );
});

Deno.test("a stage's module that is a pipe is told in one message", async () => {
  using project = projectWith("give();");
  Deno.removeSync(project.path("stages/one.ts"));
  pipeAt(project, "stages/one.ts");
  const { code, errors } = await pipeline(project, "plan");
  assert.equal(errors, "error: stages/one.ts: found a named pipe, expected a plain file\n");
  assert.equal(code, 2);
});
