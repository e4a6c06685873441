/**
 * What goes wrong: damaged stores, failing stages, killed runs, two runs at once. The next run is always
 * right.
 */

import assert from "node:assert/strict";
import { digestOf } from "../../../src/pipeline/store/digest.ts";
import { blobOf, filesBelow, letGo, logged, projectWith, untilLetGo } from "../one_stage.ts";
import { chain, ended, isAlive, makeProject, pipeline, type Project, start, until } from "../synthetic.ts";

const staged = (project: Project) => filesBelow(project.path("artifacts/.store/staging"));

for (
  const [fault, harm] of [
    ["a truncated blob", (blob: string) => Deno.truncateSync(blob, 3)],
    ["a changed byte in a blob", (blob: string) => Deno.writeTextFileSync(blob, "One two three")],
    ["a missing blob", (blob: string) => Deno.removeSync(blob)],
  ] as const
) {
  Deno.test(`${fault} makes its stage run again`, async () => {
    using project = makeProject(chain);
    await pipeline(project);
    harm(blobOf(project, "artifacts/first/long/text.txt"));
    const { ran } = await pipeline(project);
    assert.ok(ran.length > 0);
    assert.equal(project.read("artifacts/first/long/text.txt"), "one two three");
    assert.equal(project.read("artifacts/all/all.txt"), "long: one two\nshort: one two\n");
    assert.deepEqual((await pipeline(project)).ran, []);
  });
}

Deno.test("a damaged record makes its stage run again", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  for (const path of filesBelow(project.path("artifacts/.store/actions"))) Deno.truncateSync(path, 100);
  assert.equal((await pipeline(project)).ran.length, 5);
});

Deno.test("a result that was changed or removed by hand is shown again as it was, and doesn't reach other stages", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  Deno.removeSync(project.path("artifacts/second/long/text.txt"));
  project.write({ "artifacts/second/long/text.txt": "forged!", "artifacts/second/short/more.txt": "forged" });
  Deno.removeSync(project.path("artifacts/all"), { recursive: true });
  assert.deepEqual((await pipeline(project, "run", "all", "--force")).ran, ["all"]);
  assert.equal(project.read("artifacts/second/long/text.txt"), "one two");
  assert.equal(project.read("artifacts/all/all.txt"), "long: one two\nshort: one two\n");
  assert.deepEqual([...Deno.readDirSync(project.path("artifacts/second/short"))].map(({ name }) => name), [
    "text.txt",
  ]);
});

Deno.test("a failing stage tells its last lines and its log, and leaves nothing", async () => {
  using project = projectWith(
    `give(); console.log("on stdout"); log("in the log"); throw new Error("out of luck");`,
  );
  const { code, output } = await pipeline(project);
  assert.equal(code, 1);
  assert.match(output, /✗ one {2}failed: out of luck\n/);
  assert.match(output, /on stdout\n {4}in the log\n/);
  const [log] = output.match(/artifacts\/\.store\/logs\/one-\w+\.log/) ?? [];
  assert.match(project.read(log ?? ""), /in the log\nError: out of luck\n/);
  assert.deepEqual(staged(project), []);
  assert.deepEqual([...Deno.readDirSync(project.path("artifacts"))].map(({ name }) => name), [".store"]);
  assert.equal((await pipeline(project)).code, 1);
});

Deno.test("a failure stops the other stages and keeps what is done", async () => {
  using project = projectWith(`
    if (parameters.ms === 1) throw new Error("out of luck");
    if (parameters.ms === 2) await pause(60_000);
    give();
  `);
  project.write({
    "pipeline.yaml": `
stages:
  one: { run: stages/one.ts, needs: { text: ./data.txt } }
  two:
    run: stages/one.ts
    matrix: { ms: [2, 1] }
    needs: { text: "one:text.txt" }
    params: { ms: "\${matrix.ms}" }
`,
  });
  const { code, output } = await pipeline(project);
  assert.equal(code, 1);
  assert.match(output, /✓ one +done/);
  assert.match(output, /✗ two@1 +failed/);
  if (navigator.hardwareConcurrency > 1) assert.match(output, /■ two@2 +stopped/);
  project.write({ "pipeline.yaml": project.read("pipeline.yaml").replace("[2, 1]", "[3]") });
  assert.deepEqual((await pipeline(project)).ran, ["two@3"]);
});

Deno.test("what a stage says of the user's files has their own names", async () => {
  using project = projectWith(`
    const file = input("text");
    throw new InputError({ at: { file, line: 1 }, found: Deno.readTextFileSync(file).trim(), expected: "a number" });
  `);
  const { output } = await pipeline(project);
  assert.ok(
    output.includes(`✗ one  failed: ${project.path("data.txt")}:1: found hello, expected a number\n`),
    output,
  );
});

Deno.test("a mistake in the user's data is one message without a stack", async () => {
  using project = projectWith(
    `throw new InputError({ at: { file: "data.txt", line: 1 }, found: "hello", expected: "a number" });`,
  );
  const { code, output, errors } = await pipeline(project);
  assert.equal(code, 1);
  assert.match(output, /✗ one {2}failed: data\.txt:1: found hello, expected a number\n {4}its log: /);
  assert.doesNotMatch(output + errors, /at .*one\.ts/);
});

for (
  const [what, body, message] of [
    [
      "an undeclared read",
      `give(); Deno.readTextFileSync("secret.txt");`,
      /asked for read access to "secret\.txt".*Declare it/,
    ],
    [
      "a write to an input",
      `Deno.writeTextFileSync(input("text"), "x");`,
      /asked for write access to .*data\.txt/,
    ],
    ["the network", `await fetch("http://localhost:8000");`, /asked for net access to "localhost:8000"/],
    ["another process", `new Deno.Command("ls").outputSync();`, /asked for run access to "ls"/],
    ["the environment", `Deno.env.get("SOME_VARIABLE");`, /asked for env access to "SOME_VARIABLE"/],
  ] as const
) {
  Deno.test(`${what} is refused and named`, async () => {
    using project = projectWith(body);
    const { code, output } = await pipeline(project);
    assert.equal(code, 1);
    assert.match(output, message);
  });
}

Deno.test("a stage writes exactly the outputs that it declares", async () => {
  using project = projectWith("");
  assert.match((await pipeline(project)).output, /it declares the output text\.txt, but didn't write it/);
  project.write({
    "stages/one.ts": project.read("stages/one.ts").replace(
      "const use",
      'give(); Deno.writeTextFileSync(join(output, "b"), "");\nconst use',
    ),
  });
  assert.match((await pipeline(project)).output, /it wrote b, which it doesn't declare as an output/);
});

Deno.test("a stage that ends its process, or waits for ever, hasn't succeeded", async () => {
  using project = projectWith("give(); Deno.exit(0);");
  assert.match(
    (await pipeline(project)).output,
    /its process ended with exit code 0 before the stage was done/,
  );
  using waiting = projectWith("give(); await new Promise(() => {});");
  assert.match(
    (await pipeline(waiting)).output,
    /✗ one {2}failed: it waits for what never comes: `run` awaits a promise, but nothing is under way/,
  );
});

Deno.test("an input that changes while its stage runs spoils the result", async () => {
  using project = projectWith(`give(); log("read"); if (parameters.ms === 0) { ${untilLetGo} }`);
  const running = start(project, []);
  await until(() => logged(project).includes("read"));
  project.write({ "data.txt": "changed\n" });
  letGo(project);
  const { code, output } = await ended(running);
  assert.equal(code, 1);
  assert.match(output, /its code or its inputs changed while it ran/);
  assert.equal((await pipeline(project, "--set", "one.ms=1")).code, 0);
  assert.equal(project.read("artifacts/one/text.txt"), "changed\n");
});

Deno.test("code that is edited while its stage runs, but after it was loaded, doesn't matter to the result", async () => {
  using project = projectWith(`give(); log("loaded"); ${untilLetGo}`);
  const code = project.read("stages/one.ts");
  const running = start(project, []);
  await until(() => logged(project).includes("loaded")); // before it logs that, the engine has looked at the code
  project.write({ "stages/one.ts": code.replace(untilLetGo, "") });
  letGo(project);
  assert.deepEqual((await ended(running)).ran, ["one"]);
  const [record = ""] = filesBelow(project.path("artifacts/.store/actions"));
  const { sources } = JSON.parse(Deno.readTextFileSync(record));
  assert.equal(sources["stages/one.ts"], digestOf(code), "which is what ran");
  assert.deepEqual((await pipeline(project)).ran, ["one"], "for its code is another now");
  project.write({ "stages/one.ts": code });
  assert.deepEqual((await pipeline(project)).ran, []);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends the run and its stages with exit code 130 and nothing half-done`, async () => {
    using project = projectWith(`give(); log("pid " + Deno.pid + "."); await pause(60_000);`);
    const running = start(project, []);
    await until(() => logged(project).includes("."));
    running.kill(signal);
    const { code, output } = await ended(running);
    assert.equal(code, 130);
    assert.match(output, /■ interrupted/);
    assert.deepEqual(staged(project), []);
    await until(() => !isAlive(stagePid(project)));
  });
}

for (
  const [what, wait] of [
    ["waits", "await pause(60_000);"],
    ["computes", "for (const end = Date.now() + 60_000; Date.now() < end;);"],
  ] as const
) {
  Deno.test(`a run that is killed takes its stage along, which ${what}, and the next run is right`, async () => {
    using project = projectWith(`
    give();
    log("pid " + Deno.pid + ".");
    if (Deno.readTextFileSync(input("text")) === "hello\\n") ${wait}
  `);
    const running = start(project, []);
    await until(() => logged(project).includes("."));
    running.kill("SIGKILL");
    await ended(running);
    const since = performance.now();
    assert.ok(staged(project).length > 0, "what it left is there");
    await until(() => !isAlive(stagePid(project)));
    assert.ok(performance.now() - since < 30_000, "it didn't end by itself");
    project.write({ "data.txt": "new\n" });
    const { code, ran } = await pipeline(project);
    assert.equal(code, 0);
    assert.deepEqual(ran, ["one"]);
    assert.equal(project.read("artifacts/one/text.txt"), "new\n");
    assert.deepEqual(staged(project), []);
  });
}

function stagePid(project: Project): number {
  return Number(logged(project).match(/pid (\d+)\./)?.[1]);
}

Deno.test("files of the user that aren't there are told before anything runs", async () => {
  using project = makeProject(chain);
  project.write({ "pipeline.yaml": chain["pipeline.yaml"].replace("./data.txt", "./dta.txt") });
  const { code, errors, ran } = await pipeline(project);
  assert.equal(code, 2);
  assert.deepEqual(ran, []);
  assert.equal(
    errors,
    `error: pipeline.yaml:7:20: found no file or folder ./dta.txt, expected files to take as an input
      needs: { text: ./dta.txt }
                     ^
  Check the path: it is relative to the project's folder.
`,
  );
});

Deno.test("an import of a computed name is refused and shown", async () => {
  using project = makeProject(chain);
  project.write({
    "stages/head.ts": `${
      chain["stages/head.ts"]
    }\nexport const load = (name: string) => import("./" + name);\n`,
  });
  const { code, errors } = await pipeline(project);
  assert.equal(code, 2);
  assert.match(
    errors,
    /^error: stages\/head\.ts:7:39: found import\("\.\/" \+ name\), whose module is known only when it runs/,
  );
});

Deno.test("a module that is missing or broken is told with its place", async () => {
  using project = makeProject(chain);
  project.write({ "pipeline.yaml": chain["pipeline.yaml"].replace("stages/join.ts", "stages/joy.ts") });
  assert.match(
    (await pipeline(project)).errors,
    /^error: pipeline\.yaml:15:10: found no file stages\/joy\.ts, expected a module/,
  );
  project.write({ "stages/joy.ts": "export default 1;" });
  assert.match(
    (await pipeline(project)).errors,
    /pipeline\.yaml:15:10: found a module that defines no stage/,
  );
  project.write({ "stages/joy.ts": "export default {;" });
  assert.match((await pipeline(project)).errors, /pipeline\.yaml:15:10: found a module that can't be loaded/);
});
