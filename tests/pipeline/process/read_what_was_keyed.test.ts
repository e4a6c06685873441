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

Deno.test("nothing gets from one run of a stage to the next, and it sees what its key covers", async () => {
  using project = projectWith(`
    const seen = [];
    localStorage.setItem("n", String(Number(localStorage.getItem("n") ?? 0) + 1));
    seen.push("localStorage " + localStorage.getItem("n"));
    seen.push("caches " + (await (await caches.open("x")).match("http://x/") === undefined));
    await (await caches.open("x")).put("http://x/", new Response("1"));
    const kv = await Deno.openKv();
    seen.push("kv " + (await kv.get(["n"])).value);
    await kv.set(["n"], 1);
    kv.close();
    seen.push("cores " + navigator.hardwareConcurrency);
    for (const file of [import.meta.filename ?? "", "node_modules/x.txt"]) {
      try {
        seen.push(Deno.readTextFileSync(file));
      } catch {
        seen.push("refused");
      }
    }
    Deno.writeTextFileSync(join(output, "text.txt"), seen.join(", "));
  `);
  const configuration = JSON.parse(project.read("deno.json"));
  project.write({
    "deno.json": JSON.stringify({ ...configuration, unstable: ["kv"] }),
    "node_modules/x.txt": "x",
  });
  const expected = "localStorage 1, caches true, kv null, cores 1, refused, refused";
  for (const args of [[], ["run", "--force"]]) {
    assert.deepEqual((await pipeline(project, ...args)).ran, ["one"]);
    assert.equal(project.read("artifacts/one/text.txt"), expected);
  }
  project.write({
    "pipeline.yaml": project.read("pipeline.yaml").replace(
      "    needs",
      "    resources: { cpu: 3 }\n    needs",
    ),
  });
  assert.deepEqual((await pipeline(project)).ran, ["one"]);
  assert.equal(project.read("artifacts/one/text.txt"), expected.replace("cores 1", "cores 3"));
});

for (
  const [what, one, other] of [
    ["an ending", { "data.txt": "1" }, { "data.csv": "1" }],
    ["a folder that is now a file with the folder's listing", { "data/a.txt": "hello\n" }, {
      "list":
        '{"a.txt":{"digest":"5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03","size":6}}',
    }],
  ] as const
) {
  Deno.test(`${what} is seen, though the digest is the same`, async () => {
    using project = projectWith(`
      const isFile = Deno.statSync(input("text")).isFile;
      Deno.writeTextFileSync(join(output, "text.txt"), isFile ? "file " + input("text").split("/").at(-1) : "folder");
    `);
    const text = project.read("pipeline.yaml");
    for (const files of [one, other]) {
      const [path = ""] = Object.keys(files);
      const [name = ""] = path.split("/");
      project.write({ ...files, "pipeline.yaml": text.replace("data.txt", name) });
      assert.deepEqual((await pipeline(project)).ran, ["one"]);
      assert.equal(project.read("artifacts/one/text.txt"), path.includes("/") ? "folder" : `file ${name}`);
    }
  });
}

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
