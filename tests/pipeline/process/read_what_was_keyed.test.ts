/** A stage reads the inputs and the code that its key stands for, whatever happens to the files meanwhile. */

import assert from "node:assert/strict";
import { filesBelow, logged, projectWith } from "../one_stage.ts";
import { type Ended, ended, pipeline, type Project, start, until } from "../synthetic.ts";

/** Waits until the stage has printed a line, but not longer than it runs. */
async function untilLogged(project: Project, running: Deno.ChildProcess, line: string): Promise<void> {
  let isOver = false;
  running.status.then(() => isOver = true);
  await until(() => isOver || logged(project).includes(line));
  assert.ok(!isOver, `it ended before it printed ${line}`);
}

const verified = async (project: Project) => assert.equal((await pipeline(project, "verify")).code, 0);

Deno.test("a file that is changed and changed back while its stage runs is read as it was", async () => {
  using project = projectWith(`log("loaded"); await pause(1500); give();`);
  const running = start(project, []);
  await untilLogged(project, running, "loaded");
  project.write({ "data.txt": "other\n" });
  await new Promise((resolve) => setTimeout(resolve, 500));
  project.write({ "data.txt": "hello\n" });
  assert.deepEqual((await ended(running)).ran, ["one"]);
  assert.equal(project.read("artifacts/one/text.txt"), "hello\n");
  await verified(project);
});

const resuming = `
  const state = join(checkpoint, "state");
  try {
    give(Deno.readTextFileSync(state));
    log("resumed");
  } catch {
    log("fresh");
    await pause(700);
    const made = MADE;
    Deno.writeTextFileSync(state, made);
    log("half");
    await pause(1500);
    Deno.writeTextFileSync(join(output, "text.txt"), made);
  }
`.replace("give(", `Deno.writeTextFileSync(join(output, "text.txt"), `);

/** Starts a run, edits a file while it runs, ends it halfway, edits the file back, and runs again. */
async function disturbed(project: Project, file: string, text: string, signal: Deno.Signal): Promise<Ended> {
  const before = project.read(file);
  const running = start(project, []);
  await untilLogged(project, running, "fresh");
  project.write({ [file]: text });
  await untilLogged(project, running, "half");
  running.kill(signal);
  await ended(running);
  project.write({ [file]: before });
  return await pipeline(project);
}

for (const signal of ["SIGINT", "SIGKILL"] as const) {
  Deno.test(`a checkpoint of a run that ends by ${signal} is made from the input that its key stands for`, async () => {
    using project = projectWith(resuming.replace("MADE", `Deno.readTextFileSync(input("text"))`));
    assert.deepEqual((await disturbed(project, "data.txt", "other\n", signal)).ran, ["one"]);
    assert.equal(project.read("artifacts/one/text.txt"), "hello\n");
    assert.match(logged(project), /resumed/);
  });

  Deno.test(`code that was imported late leaves no checkpoint when the run ends by ${signal}`, async () => {
    using project = projectWith(resuming.replace("MADE", `(await import("./late.ts")).word`));
    project.write({ "stages/late.ts": `export const word = "old";` });
    const { ran } = await disturbed(project, "stages/late.ts", `export const word = "new";`, signal);
    assert.deepEqual(ran, ["one"]);
    assert.equal(project.read("artifacts/one/text.txt"), "old");
    assert.doesNotMatch(logged(project), /resumed/);
  });
}

Deno.test("a checkpoint is taken up where the code that is imported late is as it was", async () => {
  using project = projectWith(resuming.replace("MADE", `(await import("./late.ts")).word`));
  project.write({ "stages/late.ts": `export const word = "old";` });
  const running = start(project, []);
  await untilLogged(project, running, "half");
  running.kill("SIGKILL");
  await ended(running);
  assert.deepEqual((await pipeline(project)).ran, ["one"]);
  assert.match(logged(project), /resumed/);
  assert.deepEqual(filesBelow(project.path("artifacts/.store/checkpoints")), []);
});

Deno.test("a result is dropped where code was edited before the stage imported it, even if it is edited back", async () => {
  using project = projectWith(`
    log("loaded");
    await pause(1000);
    const { word } = await import("./late.ts");
    log("imported");
    await pause(1000);
    Deno.writeTextFileSync(join(output, "text.txt"), word);
  `);
  project.write({ "stages/late.ts": `export const word = "old";` });
  const running = start(project, []);
  await untilLogged(project, running, "loaded");
  project.write({ "stages/late.ts": `export const word = "new";` });
  await untilLogged(project, running, "imported");
  project.write({ "stages/late.ts": `export const word = "old";` });
  const { code, output } = await ended(running);
  assert.equal(code, 1);
  assert.match(output, /its code or its inputs changed while it ran, so its result isn't kept: run it again/);
  assert.deepEqual((await pipeline(project)).ran, ["one"]);
  assert.equal(project.read("artifacts/one/text.txt"), "old");
});

Deno.test("a folder of the user is read as it was, file by file, and nothing of it stays in the store", async () => {
  using project = projectWith(`
    log("loaded");
    await pause(1000);
    const files = [...Deno.readDirSync(input("text"))].map(({ name }) => name).sort();
    const texts = files.map((file) => file + " " + Deno.readTextFileSync(join(input("text"), file)));
    Deno.writeTextFileSync(join(output, "text.txt"), texts.join(", "));
  `);
  project.write({
    "data/a.txt": "1",
    "data/b, c.txt": "2",
    "pipeline.yaml": project.read("pipeline.yaml").replace("data.txt", "data"),
  });
  const running = start(project, []);
  await untilLogged(project, running, "loaded");
  project.write({ "data/a.txt": "3", "data/d.txt": "4" });
  await new Promise((resolve) => setTimeout(resolve, 400));
  Deno.removeSync(project.path("data/d.txt"));
  project.write({ "data/a.txt": "1" });
  assert.deepEqual((await ended(running)).ran, ["one"]);
  assert.equal(project.read("artifacts/one/text.txt"), "a.txt 1, b, c.txt 2");
  assert.deepEqual(filesBelow(project.path("artifacts/.store/staging")), []);
});
