/** A disk that is full or read-only, as small file systems of their own; only root may mount such. */

import assert from "node:assert/strict";
import { chain, makeProject, pipeline, type Project } from "../synthetic.ts";

function mount(...args: readonly string[]): boolean {
  try {
    return new Deno.Command("mount", { args: [...args], stderr: "null" }).outputSync().success;
  } catch {
    return false; // no such command
  }
}

function unmount(path: string): void {
  new Deno.Command("umount", { args: ["--lazy", path] }).outputSync();
}

function mayMount(): boolean {
  const folder = Deno.makeTempDirSync();
  const mounted = mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder);
  if (mounted) unmount(folder);
  Deno.removeSync(folder);
  return mounted;
}

const ignore = !mayMount();
const why = ignore ? " (skipped: only root may mount a small disk)" : "";

/** Does this with `artifacts/` on a disk of its own of this size. */
async function onDisk(size: string, work: (project: Project) => Promise<void>): Promise<void> {
  using project = makeProject(chain);
  const folder = project.path("artifacts");
  Deno.mkdirSync(folder);
  assert.ok(mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder));
  try {
    await work(project);
  } finally {
    unmount(folder);
  }
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
      await onDisk(`${kilobytes}k`, async (project) => {
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
    onDisk("16m", async (project) => {
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
