import assert from "node:assert/strict";
import { filesBelow } from "../one_stage.ts";
import { chain, makeProject, pipeline } from "../synthetic.ts";

const nextYear = new Date(Date.now() + 365 * 24 * 3600 * 1000);

Deno.test("after the clock went back a year everything is still cached, and edits are still seen", async () => {
  using project = makeProject(chain);
  Deno.utimeSync(project.path("data.txt"), nextYear, nextYear);
  await pipeline(project);
  for (const path of filesBelow(project.path("artifacts/.store"))) Deno.utimeSync(path, nextYear, nextYear);
  for (const path of filesBelow(project.path("artifacts/.store/actions"))) {
    const moved = Deno.readTextFileSync(path).replace(
      /("(?:started|ended)": ")\d{4}/g,
      `$1${nextYear.getFullYear()}`,
    );
    Deno.writeTextFileSync(path, moved);
  }
  assert.deepEqual((await pipeline(project)).ran, []);
  project.write({ "data.txt": "six two three four five\n" });
  Deno.utimeSync(project.path("data.txt"), nextYear, nextYear);
  assert.equal((await pipeline(project)).ran.length, 5);
  assert.equal(project.read("artifacts/all/all.txt"), "long: six two\nshort: six two\n");
  await pipeline(project, "gc", "--keep-runs", "1");
  assert.deepEqual((await pipeline(project)).ran, [], "what is current is told by more than its time");
});
