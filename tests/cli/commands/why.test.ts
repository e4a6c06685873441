import assert from "node:assert/strict";
import { chain, copyStage, headModule, makeProject, pipeline } from "../../pipeline/synthetic.ts";

Deno.test("why tells each field that differs from the last run, from what to what", async () => {
  using project = makeProject(chain);
  await pipeline(project, "run", "first@long");
  assert.match(
    (await pipeline(project, "why", "first@long")).output,
    /^✓ first@long {2}up to date: nothing that it depends on has changed {2}made .*, key [0-9a-f]{12}\n$/,
  );
  project.write({
    "data.txt": "another text\n",
    "stages/copy.ts": copyStage.replace('"./head.ts"', '"./first.ts"'),
    "stages/first.ts": headModule,
  });
  const { output } = await pipeline(project, "why", "first@long", "all", "--set", "first.words=1");
  assert.match(output, /^● first@long {2}5 changes since its last result {2}made .*, key [0-9a-f]{12}$/m);
  assert.match(output, /^ {2}parameter {2}words +3 → 1$/m);
  assert.match(output, /^ {2}module +stages\/copy\.ts +[0-9a-f]{12} → [0-9a-f]{12}$/m);
  assert.match(output, /^ {2}module +stages\/first\.ts +none → [0-9a-f]{12}$/m);
  assert.match(output, /^ {2}module +stages\/head\.ts +[0-9a-f]{12} → none$/m);
  // sha256sum of "one two three four five\n" and "another text\n"
  assert.match(output, /^ {2}input +text +37bbce1230bb → 4d5afd0123ab$/m);
  assert.match(output, /^● all {2}never run; waits for second@long, second@short$/m);
});

Deno.test("why --json holds whole digests", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const [status, ...more] = JSON.parse(
    (await pipeline(project, "why", "second@short", "--json", "--set", "vars.ending=x")).output,
  );
  assert.deepEqual(more, []);
  assert.equal(status.state, "stale");
  assert.match(status.last.key, /^[0-9a-f]{64}$/);
  assert.deepEqual(status.changes, [{ part: "parameter", name: "ending", before: "", after: "x" }]);
});
