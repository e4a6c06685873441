import assert from "node:assert/strict";
import { filesBelow, logged, projectWith } from "../one_stage.ts";
import { ended, pipeline, type Project, start, until } from "../synthetic.ts";

/** Counts to 5, a step in 150 ms, and keeps how far it is. */
const counting = `
  const state = join(checkpoint, "count");
  const exists = [...Deno.readDirSync(checkpoint)].length > 0;
  let count = exists ? Number(Deno.readTextFileSync(state)) : 0;
  log("starts at " + count + ";");
  while (count < 5) {
    await pause(150);
    count++;
    Deno.writeTextFileSync(state + ".new", String(count));
    Deno.renameSync(state + ".new", state);
    log("reached " + count + ";");
  }
  Deno.writeTextFileSync(join(output, "text.txt"), "counted to " + count);
`;

const checkpoints = (project: Project) => filesBelow(project.path("artifacts/.store/checkpoints"));

async function interrupt(project: Project, signal: Deno.Signal): Promise<void> {
  const running = start(project, []);
  await until(() => logged(project).includes("reached 2;"));
  running.kill(signal);
  await ended(running);
}

for (const signal of ["SIGKILL", "SIGINT"] as const) {
  Deno.test(`a stage resumes after ${signal} where it was, and makes the same bytes as one that wasn't disturbed`, async () => {
    using undisturbed = projectWith(counting);
    await pipeline(undisturbed);
    using project = projectWith(counting);
    await interrupt(project, signal);
    assert.equal(checkpoints(project).length, 1);
    assert.deepEqual((await pipeline(project)).ran, ["one"]);
    // The log of the run that was stopped comes first.
    assert.match(
      logged(project),
      /^starts at 0;\n[^]*\ngoes on from [^]*\nstarts at [2-5];\n(reached [3-5];\n)*$/,
    );
    assert.equal(project.read("artifacts/one/text.txt"), undisturbed.read("artifacts/one/text.txt"));
    assert.deepEqual(checkpoints(project), []);
  });
}

Deno.test("a checkpoint is another action's business as little as its result, and --force starts afresh", async () => {
  using project = projectWith(counting);
  await interrupt(project, "SIGKILL");
  await pipeline(project, "--set", "one.ms=1");
  assert.match(logged(project), /starts at 0;\n(reached \d;\n){5}/);
  await pipeline(project, "run", "--force");
  assert.equal(logged(project).match(/starts at 0;/g)?.length, 2);
});

Deno.test("gc keeps what the newest attempt can resume from, and no other checkpoint", async () => {
  using project = projectWith(counting);
  await interrupt(project, "SIGKILL");
  await pipeline(project, "gc");
  assert.equal(checkpoints(project).length, 1);
  await pipeline(project, "--set", "one.ms=1");
  await pipeline(project, "gc");
  assert.deepEqual(checkpoints(project), []);
});

Deno.test("a run tells that it waits where a process of a run before is still at a stage's checkpoint", async () => {
  using project = projectWith(counting);
  await interrupt(project, "SIGKILL");
  const [folder = ""] = [...Deno.readDirSync(project.path("artifacts/.store/checkpoints"))].map(({ name }) =>
    project.path("artifacts/.store/checkpoints", name)
  );
  const other = Deno.openSync(folder);
  await other.lock(true); // which waits for the stage of the run that was killed
  const running = start(project, []);
  let isLocked = true;
  let shown = "";
  for await (const text of running.stdout.pipeThrough(new TextDecoderStream())) {
    shown += text;
    if (isLocked && /^another process is making one: waiting for it$/m.test(shown)) {
      isLocked = false;
      other.close();
    }
  }
  await running.stderr.cancel();
  assert.equal((await running.status).code, 0);
  assert.match(shown, /^✓ one +done/m);
});
