/** Ctrl-C and the like, as a person presses them: on a terminal, while several stages run. */

import assert from "node:assert/strict";
import { filesBelow, logged, projectWith } from "../../pipeline/one_stage.ts";
import { invocation, isAlive, pipeline, type Project, until } from "../../pipeline/synthetic.ts";
import { ctrlC, ctrlZ, hangUp, runOnTerminal } from "../../terminal.ts";

const stages = 6;
const args = ["--resource", `cpu=${stages}`];

/** Stages that run at once, each until it is ended. */
function busyProject(): Project {
  const project = projectWith(`give(); log("pid " + Deno.pid + "."); await pause(60_000);`);
  project.write({ "pipeline.yaml": pipelineOf(stages) });
  return project;
}

function pipelineOf(count: number): string {
  const variants = Array.from({ length: count }, (_, index) => index);
  return `stages:\n  one: { run: stages/one.ts, needs: { text: ./data.txt }, matrix: { x: [${variants}] }, ` +
    `params: { ms: "\${matrix.x}" } }\n`;
}

const pids = (project: Project) =>
  [...logged(project).matchAll(/pid (\d+)\./g)].map(([, pid]) => Number(pid));

async function untilBusy(project: Project): Promise<void> {
  await until(() => pids(project).length === stages);
}

/** Checks that stages have ended, nothing half-done is left, and the next run is right. */
async function assertAllEnded(project: Project): Promise<void> {
  await until(() => !pids(project).some(isAlive));
  assert.deepEqual(filesBelow(project.path("artifacts/.store/staging")), []);
  project.write({ "stages/one.ts": project.read("stages/one.ts").replace("60_000", "0") });
  const { code, ran } = await pipeline(project, ...args);
  assert.deepEqual([code, ran.length], [0, stages]);
}

for (const times of [1, 2]) {
  Deno.test(`Ctrl-C, pressed ${times} times, ends a run on a terminal with exit code 130 and one closing line`, async () => {
    using project = busyProject();
    const keys = async function* () {
      await untilBusy(project);
      yield ctrlC.repeat(times);
    };
    const { code, shown } = await runOnTerminal(invocation(project, args), { keys: keys() });
    assert.equal(code, 130, shown);
    assert.doesNotMatch(shown, /Uncaught|^ +at /m);
    assert.equal(shown.match(/interrupted/g)?.length, 1);
    assert.match(shown, /■ interrupted: 0 done, 0 cached in .*; run it again to go on from here\n$/);
    await assertAllEnded(project);
  });
}

Deno.test("a run whose terminal goes away ends its stages and leaves nothing half-done", async () => {
  using project = busyProject();
  const keys = async function* () {
    await untilBusy(project);
    yield hangUp;
  };
  const { code } = await runOnTerminal(invocation(project, args), { keys: keys() });
  assert.equal(code, 130);
  await assertAllEnded(project);
});

Deno.test("Ctrl-Z stops the stages with the engine, and they go on with it", async () => {
  using project = projectWith(`
    const { default: process } = await import("node:process");
    give();
    log("engine " + process.ppid + ", stage " + Deno.pid + ".");
    await pause(60_000);`);
  const states = () => {
    const [, ...both] = logged(project).match(/engine (\d+), stage (\d+)\./) ?? [];
    return both.map((pid) => new Deno.Command("ps", { args: ["-o", "state=", "-p", pid] }).outputSync())
      .map(({ stdout }) => new TextDecoder().decode(stdout).trim());
  };
  const keys = async function* () {
    await until(() => states().length === 2);
    yield ctrlZ;
    await until(() => states().join() === "T,T");
    Deno.kill(Number(logged(project).match(/engine (\d+)/)?.[1]), "SIGCONT");
    await until(() => !states().includes("T"));
    yield ctrlC;
  };
  const { code, shown } = await runOnTerminal(invocation(project, []), { keys: keys() });
  assert.equal(code, 130, shown);
});

Deno.test("a failure while other stages end at the same moment is one message", async () => {
  using project = projectWith(`
    await pause(400 + parameters.ms * 4);
    if (parameters.ms === 2) throw new Error("out of luck");
    give();`);
  project.write({ "pipeline.yaml": pipelineOf(stages) });
  for (let tried = 0; tried < 3; tried++) {
    const { code, output, errors } = await pipeline(project, ...args, "--force");
    assert.deepEqual([code, errors], [1, ""]);
    assert.match(output, /^✗ one@2 +failed: out of luck$/m);
  }
});
