import assert from "node:assert/strict";
import { chain, makeProject, pipeline } from "../../pipeline/synthetic.ts";

Deno.test("graph draws the pipeline in each format, or a part of it", async () => {
  using project = makeProject(chain);
  const graph = (...args: readonly string[]) => pipeline(project, "graph", ...args);
  assert.equal((await graph("second@long")).output, "●   first@long\n╰─● second@long\n");
  assert.match((await graph("--format", "mermaid")).output, /^flowchart LR\n/);
  assert.match((await graph("--format", "dot")).output, /"second@long" -> "all";/);
  assert.match((await graph("--format", "svg")).output, /^<svg xmlns=.*<\/svg>\n$/s);
  assert.deepEqual(JSON.parse((await graph("--json")).output).at(-1), {
    name: "all",
    description: "Joins texts.",
    needs: ["second@long", "second@short"],
  });
  const { code, errors } = await graph("--format", "png");
  assert.equal(code, 2);
  assert.match(errors, /Allowed choices are terminal, mermaid, dot, svg/);
});
