import assert from "node:assert/strict";
import { chain, makeProject, pipeline } from "../pipeline/synthetic.ts";

for (const part of ["artifacts", "artifacts/.store", "artifacts/.store/blobs"]) {
  Deno.test(`${part} may be a link to another place`, async () => {
    using project = makeProject(chain);
    using elsewhere = makeProject({ "results/.keep": "" });
    Deno.mkdirSync(project.path(part, ".."), { recursive: true });
    Deno.symlinkSync(elsewhere.path("results"), project.path(part));
    const { code, ran, errors } = await pipeline(project);
    assert.equal(code, 0, errors);
    assert.equal(ran.length, 5);
    assert.equal(project.read("artifacts/all/all.txt"), "long: one two\nshort: one two\n");
    assert.deepEqual((await pipeline(project)).ran, []);
    assert.equal((await pipeline(project, "verify")).code, 0);
    assert.match(
      (await pipeline(project, "audit", "artifacts/all/all.txt")).output,
      /is what its stage made/,
    );
  });
}

Deno.test("a place that Deno guards as a whole is told", async () => {
  using project = makeProject(chain);
  Deno.symlinkSync("/dev/shm", project.path("artifacts"));
  const { code, errors } = await pipeline(project);
  assert.equal(code, 2);
  assert.match(
    errors,
    /^error: \/dev\/shm: found a place for artifacts that Deno lets only programs with all/,
  );
});

Deno.test("an export goes where it is asked to, also beside artifacts that are a link", async () => {
  using project = makeProject(chain);
  using elsewhere = makeProject({ "results/.keep": "" });
  Deno.symlinkSync(elsewhere.path("results"), project.path("artifacts"));
  await pipeline(project);
  const { code, errors } = await pipeline(project, "export", "all", "--format", "slsa", "--out", "all.jsonl");
  assert.equal(code, 0, errors);
  assert.match(project.read("all.jsonl"), /in-toto/);
});
