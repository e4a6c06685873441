/** A stage's code is another one when Deno's configuration makes it do something else. */

import assert from "node:assert/strict";
import { stageCode } from "../../../src/pipeline/plan/code.ts";
import { openStatCache } from "../../../src/pipeline/store/stat_cache.ts";
import { makeProject } from "../synthetic.ts";

type Files = Readonly<Record<string, string>>;

const helper = { "one.ts": `import { word } from "helper"; export default word;` };
const words = { "a.ts": `export const word = "A";`, "b.ts": `export const word = "B";` };
const configuration = (more: object) => JSON.stringify({ nodeModulesDir: "none", ...more });

/** What is changed → the files before, those that are written then, and whether the code is another. */
const cases: Readonly<Record<string, readonly [Files, Files, boolean]>> = {
  "deno.json's import map": [
    { ...helper, ...words, "deno.json": configuration({ imports: { helper: "./a.ts" } }) },
    { "deno.json": configuration({ imports: { helper: "./b.ts" } }) },
    true,
  ],
  "an import map that leads to another module that is imported as well": [
    {
      "one.ts":
        `import { word } from "helper"; export * from "./a.ts"; export * from "./b.ts"; export default word;`,
      ...words,
      "deno.json": configuration({ imports: { helper: "./a.ts" } }),
    },
    { "deno.json": configuration({ imports: { helper: "./b.ts" } }) },
    true,
  ],
  "an import map in a file of its own": [
    {
      ...helper,
      ...words,
      "deno.json": configuration({ importMap: "./map.json" }),
      "map.json": `{"imports":{"helper":"./a.ts"}}`,
    },
    { "map.json": `{"imports":{"helper":"./b.ts"}}` },
    true,
  ],
  "a workspace member's import map": [
    {
      "member/one.ts": helper["one.ts"],
      "one.ts": `export { default } from "./member/one.ts";`,
      "member/a.ts": words["a.ts"],
      "member/b.ts": words["b.ts"],
      "deno.json": configuration({ workspace: ["./member"] }),
      "member/deno.json": `{"imports":{"helper":"./a.ts"}}`,
    },
    { "member/deno.json": `{"imports":{"helper":"./b.ts"}}` },
    true,
  ],
  "package.json's imports": [
    {
      "one.ts": `import { word } from "#helper"; export default word;`,
      ...words,
      "deno.json": configuration({}),
      "package.json": `{"imports":{"#helper":"./a.ts"}}`,
    },
    { "package.json": `{"imports":{"#helper":"./b.ts"}}` },
    true,
  ],
  "package.json's type": [
    {
      "one.ts": `export { default } from "./two.js";`,
      "two.js": "export default 1;",
      "deno.json": configuration({}),
    },
    { "package.json": `{"type":"module"}` },
    true,
  ],
  "a compiler option for JSX, in a file with comments": [
    {
      "one.ts": `export { default } from "./two.tsx";`,
      "two.tsx": "const [h, g] = [String, Number]; export default [<b />, h, g];",
      "deno.json": `{ "nodeModulesDir": "none", // none
        "compilerOptions": { "jsx": "react", "jsxFactory": "h", }, }`,
    },
    { "deno.json": configuration({ compilerOptions: { jsx: "react", jsxFactory: "g" } }) },
    true,
  ],
  "a comment of a module that is imported late, which the stage may read until then": [
    {
      "one.ts": `import "./a.ts"; export default () => import("./b.ts");`,
      ...words,
      "deno.json": configuration({}),
    },
    { "b.ts": `export const word = "B"; // two` },
    true,
  ],
  "a comment of a module that is imported at once": [
    {
      "one.ts": `import "./a.ts"; export default () => import("./b.ts");`,
      ...words,
      "deno.json": configuration({}),
    },
    { "a.ts": `export const word = "A"; // two` },
    false,
  ],
  "unstable APIs": [
    { "one.ts": "export default 1;", "deno.json": configuration({}) },
    { "deno.json": configuration({ unstable: ["kv"] }) },
    true,
  ],
  "a compiler option for checks, tasks and the formatting": [
    { "one.ts": "export default 1;", "deno.json": configuration({}) },
    {
      "deno.json": configuration({
        compilerOptions: { noImplicitReturns: true },
        fmt: { lineWidth: 80 },
        tasks: {},
      }),
    },
    false,
  ],
};

Deno.test("the code is another one when its configuration is, also where the code is remembered", async (t) => {
  const tried = Object.entries(cases).map(([what, [files, edit, isOther]]) => {
    const project = makeProject(files);
    return { what, project, edit, isOther, cache: openStatCache(project.path("stat-cache")) };
  });
  await new Promise((resolve) => setTimeout(resolve, 2100)); // files that are fresh aren't remembered
  for (const { what, project, edit, isOther, cache } of tried) {
    await t.step(what, async () => {
      using _ = project;
      const digest = async () => (await stageCode(project.path("one.ts"), project.root, cache)).digest;
      const before = await digest();
      assert.equal(await digest(), before);
      project.write(edit);
      assert.equal(await digest() !== before, isOther);
    });
  }
});

Deno.test("a configuration that isn't JSON is told with its name", async () => {
  using project = makeProject({ "one.ts": "export default 1;", "package.json": "{" });
  const code = stageCode(project.path("one.ts"), project.root, openStatCache(project.path("stat-cache")));
  await assert.rejects(code, /package\.json/);
});
