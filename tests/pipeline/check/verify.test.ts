import assert from "node:assert/strict";
import { digestOf } from "../../../src/pipeline/store/digest.ts";
import { blobOf } from "../one_stage.ts";
import { chain, makeProject, pipeline } from "../synthetic.ts";

Deno.test("verify reads everything and finds nothing wrong where nothing is", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const { code, output } = await pipeline(project, "verify");
  assert.equal(code, 0);
  assert.match(
    output,
    /^✓ everything is as it was made: 5 results, \d+ files, .*B; signatures: 0 valid, 0 by unknown keys, 5 missing\n$/,
  );
});

Deno.test("a bit that flips without a trace is named with both digests, and not believed any more", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const blob = blobOf(project, "artifacts/first/long/text.txt");
  const { mtime } = Deno.statSync(blob);
  Deno.writeTextFileSync(blob, "one two thref");
  Deno.utimeSync(blob, mtime ?? 0, mtime ?? 0);
  const { code, output } = await pipeline(project, "verify", "--json");
  assert.equal(code, 1);
  const { findings } = JSON.parse(output);
  assert.equal(findings.length, 1);
  assert.equal(findings[0].name, "text.txt");
  assert.equal(findings[0].expected, digestOf("one two three"));
  assert.equal(findings[0].found, digestOf("one two thref"));
  const told = (await pipeline(project, "verify")).output;
  assert.match(
    told,
    /\n {4}file {6}artifacts\/\.store\/blobs\/.*\n {4}expected {2}\w{64}\n {4}found {5}\w{64}\n/,
  );
  assert.match(told, /To make what is damaged again: deno task pipeline\n$/);
  assert.equal((await pipeline(project)).code, 0);
  assert.equal(project.read("artifacts/first/long/text.txt"), "one two three");
  assert.equal((await pipeline(project, "verify")).code, 0);
});

Deno.test("a blob that was changed, with its modification time put back, isn't believed by the next run", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const before = Deno.statSync(blobOf(project, "artifacts/first/long/text.txt")).mtime ?? 0;
  await new Promise((resolve) => setTimeout(resolve, 2100));
  await pipeline(project, "run"); // which hashes the blobs and remembers them
  const blob = blobOf(project, "artifacts/first/long/text.txt");
  Deno.writeTextFileSync(blob, "one two thref");
  Deno.utimeSync(blob, before, before);
  assert.match((await pipeline(project, "status")).output, /first@long +to run: its result was damaged/);
  assert.deepEqual((await pipeline(project)).ran.includes("first@long"), true);
  assert.equal(project.read("artifacts/first/long/text.txt"), "one two three");
});

Deno.test("views that were edited, and records that are lost, are named", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  Deno.removeSync(project.path("artifacts/second/long/text.txt"));
  project.write({ "artifacts/second/short/more.txt": "forged" });
  const key = project.read("artifacts/.store/latest/all").trim();
  Deno.removeSync(project.path(`artifacts/.store/actions/${key}.json`));
  const { findings } = JSON.parse((await pipeline(project, "verify", "--json")).output);
  assert.deepEqual(
    findings.map(({ path, expected }: { path: string; expected: string }) => [path, expected.slice(0, 12)]),
    [
      ["artifacts/.store/latest/all", "a whole reco"],
      ["artifacts/second/long/text.txt", digestOf("one two").slice(0, 12)],
      ["artifacts/second/short/more.txt", "nothing"],
    ],
  );
});

Deno.test("a record that isn't the one that was signed is a wrong signature", async () => {
  using project = makeProject(chain);
  await pipeline(project, "key");
  await pipeline(project);
  const before = await pipeline(project, "verify");
  assert.equal(before.code, 0);
  assert.match(before.output, /signatures: 5 valid, 0 by unknown keys, 0 missing\n$/);
  const key = project.read("artifacts/.store/latest/all").trim();
  const path = `artifacts/.store/actions/${key}.json`;
  project.write({ [path]: project.read(path).replace(/"ended": "\d{4}/, '"ended": "1999') });
  const { code, output } = await pipeline(project, "verify");
  assert.equal(code, 1);
  assert.match(
    output,
    /^✗ all {2}its record isn't the one that was signed: \w{64}\n✗ 0 damaged and 1 wrong signature in /,
  );
});
