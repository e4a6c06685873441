/** A disk that is full or read-only, as small file systems of their own; only root may mount such. */

import assert from "node:assert/strict";
import { mayMount, mount, onDisk } from "../disk.ts";
import { chain, makeProject, pipeline, type Project } from "../synthetic.ts";

const ignore = !mayMount();
const why = ignore ? " (skipped: only root may mount a small disk)" : "";

/** Does this with `artifacts/` on a disk of its own of this size. */
async function withDisk(size: string, work: (project: Project) => Promise<void>): Promise<void> {
  using project = makeProject(chain);
  await onDisk(project.path("artifacts"), size, () => work(project));
}

async function assertRight(project: Project): Promise<void> {
  const { code, errors } = await pipeline(project);
  assert.equal(code, 0, errors);
  assert.equal(project.read("artifacts/all/all.txt"), "long: one two\nshort: one two\n");
  assert.equal((await pipeline(project, "verify")).code, 0);
}

Deno.test({
  name: `a disk that is full at any moment fails the run loudly, and the next one is right${why}`,
  ignore,
  async fn() {
    let failures = 0;
    // From too little for the first lock to enough for everything.
    for (let kilobytes = 4, isEnough = false; !isEnough; kilobytes += 12) {
      await withDisk(`${kilobytes}k`, async (project) => {
        const { code, output, errors } = await pipeline(project);
        isEnough = code === 0;
        if (!isEnough) {
          failures++;
          assert.ok(code === 1 || code === 2, `exit code ${code}`);
          assert.match(output + errors, /No space left|os error 28/);
          assert.doesNotMatch(errors, /\n {4}at /, "no stack");
        }
        assert.ok(mount("-o", "remount,size=16m", project.path("artifacts")));
        await assertRight(project);
      });
    }
    assert.ok(failures > 2);
  },
});

Deno.test({
  name: `a read-only store can be looked at; a run tells that it can't write${why}`,
  ignore,
  fn: () =>
    withDisk("16m", async (project) => {
      await pipeline(project);
      assert.ok(mount("-o", "remount,ro", project.path("artifacts")));
      assert.equal((await pipeline(project, "status")).code, 0);
      assert.equal((await pipeline(project, "verify")).code, 0);
      const { code, errors } = await pipeline(project, "--set", "vars.ending=.");
      assert.equal(code, 2);
      assert.match(errors, /^error: .*found a store that can't be written \(Read-only file system/);
      assert.ok(mount("-o", "remount,rw", project.path("artifacts")));
      await assertRight(project);
    }),
});
