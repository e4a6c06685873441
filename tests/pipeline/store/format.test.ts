import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { formatVersion } from "../../../src/pipeline/store/record.ts";
import { chain, makeProject, pipeline } from "../synthetic.ts";

Deno.test("a store of an older format is told as such, and a run moves it aside with its views", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  assert.equal(project.read("artifacts/.store/format"), `${formatVersion}\n`);
  project.write({ "artifacts/.store/format": "0\n", "artifacts/mine/notes.txt": "precious" });
  for (const command of ["status", "verify", "gc", "audit"]) {
    const { code, errors } = await pipeline(project, command);
    assert.equal(code, 2, command);
    assert.match(
      errors,
      /artifacts\/\.store: found a store of format 0, expected one of format \d+, which this/,
    );
    assert.match(errors, /`deno task pipeline` moves it aside and makes the results again/);
  }
  const again = await pipeline(project);
  assert.equal(again.code, 0, again.errors);
  assert.match(
    again.errors,
    /^The results in artifacts\/\.store are of an older version.* now in artifacts\/\.store-0\./,
  );
  assert.equal(again.ran.length, 5);
  assert.equal(project.read("artifacts/.store-0/shown/first/long/text.txt"), "one two three");
  assert.ok(existsSync(project.path("artifacts/.store-0/actions")));
  assert.equal(project.read("artifacts/mine/notes.txt"), "precious");
  assert.equal((await pipeline(project, "verify")).code, 0);
});

Deno.test("a store of a newer format is left as it is", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  project.write({ "artifacts/.store/format": "99\n" });
  for (const args of [[], ["status"], ["gc"]]) {
    const { code, errors } = await pipeline(project, ...args);
    assert.equal(code, 2);
    assert.match(
      errors,
      /found a store of format 99, expected one of format \d+.*\n {2}Use the version of this project/,
    );
  }
});
