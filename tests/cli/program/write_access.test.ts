import assert from "node:assert/strict";
import { chain, ended, makeProject, pipeline, start, until } from "../../pipeline/synthetic.ts";

/** Returns the ids of a process's children, on Linux. (Deno itself may not read /proc.) */
function childrenOf(pid: number): readonly number[] {
  const { stdout } = new Deno.Command("cat", { args: [`/proc/${pid}/task/${pid}/children`] }).outputSync();
  return new TextDecoder().decode(stdout).split(" ").filter((id) => id !== "").map(Number);
}

Deno.test({
  name: "where the process that may write is killed, that is told",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using project = makeProject(chain);
    await pipeline(project, "run", "first@short");
    const running = start(project, ["export", "--format", "slsa", "--out", project.path("lineage.jsonl")]);
    await until(() => childrenOf(running.pid).length > 0);
    childrenOf(running.pid).forEach((pid) => Deno.kill(pid, "SIGKILL"));
    const { code, output, errors } = await ended(running);
    assert.deepEqual([code, output], [137, ""]);
    assert.equal(errors, "error: the process that was to do it was ended by SIGKILL\n");
  },
});
