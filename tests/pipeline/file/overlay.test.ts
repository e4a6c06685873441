import assert from "node:assert/strict";
import { chain, makeProject, pipeline } from "../synthetic.ts";

Deno.test("overlays are laid over the file in turn, key by key, and --set over them", async () => {
  using project = makeProject({
    ...chain,
    "a.yaml": "vars: { ending: '?' }\nstages: { second: { params: { words: 1 } } }\n",
    "b.yaml": "vars: { ending: '!' }\n",
  });
  const over = ["--overlay", "a.yaml", "--overlay", "b.yaml"];
  await pipeline(project, ...over);
  assert.match(project.read("artifacts/second/long/text.txt"), /^\w+!$/);
  await pipeline(project, ...over, "--set", "vars.ending=.");
  assert.match(project.read("artifacts/second/long/text.txt"), /^\w+\.$/);
});

Deno.test("a mistake in an overlay is told with its place there, one below it with its own", async () => {
  using project = makeProject({ ...chain, "a.yaml": "stages:\n  second: { params: { words: none } }\n" });
  const { code, errors } = await pipeline(project, "--overlay", "a.yaml");
  assert.equal(code, 2);
  assert.match(errors, /^error: a\.yaml:2:30: found words: "none", expected a number\n {4}second/);
  project.write({ "a.yaml": "stages: { second: { parms: {} } }\n" });
  assert.match(
    (await pipeline(project, "--overlay", "a.yaml")).errors,
    /^error: a\.yaml:1:21: found unknown key/,
  );
});
