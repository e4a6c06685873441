/**
 * What holds for every executor: the same bytes, logs and messages, whoever runs the stages. A new executor
 * is added to the list.
 */

import assert from "node:assert/strict";
import { filesBelow, logged, projectWith } from "../one_stage.ts";
import { chain, makeProject, pipeline, type Project, start, until } from "../synthetic.ts";
import { startCluster } from "./cluster.ts";

const cluster = startCluster(2);

const executors = [
  { kind: "local", isThere: true },
  { kind: "slurm", isThere: cluster !== undefined },
];

/** The records of a store's results, without what differs from run to run. */
async function resultsOf(project: Project): Promise<unknown> {
  const { output } = await pipeline(project, "audit", "--json");
  return JSON.parse(
    output,
    (name, value) => ["started", "ended", "cost", "log"].includes(name) ? undefined : value,
  );
}

for (const { kind, isThere } of executors) {
  const run = (project: Project, ...args: readonly string[]) =>
    pipeline(project, "run", `--executor=${kind}`, ...args);
  const test = (name: string, fn: () => Promise<void>) =>
    Deno.test({ name: `${kind}: ${name}`, ignore: !isThere, fn });

  test("a graph of stages ends in the same keys and bytes as on this machine, and nothing is left", async () => {
    using here = makeProject(chain);
    using there = makeProject(chain);
    assert.equal((await pipeline(here)).code, 0);
    const { code, output, errors, ran } = await run(there);
    assert.equal(code, 0, output + errors);
    assert.deepEqual(ran, ["all", "first@long", "first@short", "second@long", "second@short"]);
    assert.equal(there.read("artifacts/all/all.txt"), here.read("artifacts/all/all.txt"));
    assert.deepEqual(await resultsOf(there), await resultsOf(here));
    for (const folder of ["jobs", "staging", "checkpoints"]) {
      assert.deepEqual(namesIn(there.path("artifacts/.store", folder)), [], folder);
    }
    assert.match((await run(there)).output, /all 5 stages up to date/);
  });

  test("what a stage prints, reports and sums up is in its log and in the run's output", async () => {
    using project = projectWith(`
      log("a line");
      console.error("another");
      progress(1, 2, "halfway");
      progress(2, 2, "through");
      give();`);
    const { code, output } = await run(project);
    assert.equal(code, 0, output);
    assert.match(logged(project), /a line\n/);
    assert.match(logged(project), /another\n/);
    assert.match(logged(project), /2\/2 through\n/);
    assert.match((await pipeline(project, "log", "one")).output, /a line/);
  });

  test("a stage that fails is told with its reason and its last lines, and its log is kept", async () => {
    using project = projectWith(`log("so far so good"); throw new Error("out of luck");`);
    const { code, output } = await run(project);
    assert.equal(code, 1);
    assert.match(output, /✗ one +failed: out of luck/);
    assert.match(output, /so far so good/);
    assert.match(logged(project), /so far so good/);
  });

  test("an attempt after a failure finds what the one before left in its checkpoint", async () => {
    using project = projectWith(`
      const left = join(checkpoint, "left");
      try { log("found " + Deno.readTextFileSync(left)); }
      catch { Deno.writeTextFileSync(left, "something"); throw new Error("the first time"); }
      give();`);
    project.write({
      "pipeline.yaml": "stages:\n  one: { run: stages/one.ts, needs: { text: ./data.txt }, retries: 1 }\n",
    });
    const { code, output } = await run(project);
    assert.equal(code, 0, output);
    assert.match(output, /↻ one +failed, trying again \(0 left after that\): the first time/);
    assert.match(logged(project), /attempt 2 of 2; the one before failed: the first time.*\nfound something/);
    assert.deepEqual(namesIn(project.path("artifacts/.store/checkpoints")), []);
  });

  test("a stage that takes longer than its timeout is ended", async () => {
    using project = projectWith(`await pause(60_000);`);
    project.write({
      "pipeline.yaml": "stages:\n  one: { run: stages/one.ts, needs: { text: ./data.txt }, timeout: 1s }\n",
    });
    const { code, output } = await run(project);
    assert.equal(code, 1);
    assert.match(output, /✗ one +failed: it was ended after 1s, its timeout/);
  });

  test("a stage may read its inputs, and no more; it gets the variables that the file lists, and no more", async () => {
    using project = projectWith(`
      log("token " + Deno.env.get("CALIBRANT_TEST_TOKEN"));
      Deno.readTextFileSync(input("text"));
      Deno.readTextFileSync("secret.txt");`);
    project.write({
      "pipeline.yaml": "stages:\n  one: { run: stages/one.ts, needs: { text: ./data.txt }, network: true, " +
        "env: [CALIBRANT_TEST_TOKEN] }\n",
    });
    Deno.env.set("CALIBRANT_TEST_TOKEN", "told");
    const { code, output } = await run(project);
    assert.equal(code, 1);
    assert.match(output, /asked for read access to "secret\.txt"/);
    assert.match(logged(project), /token told/);
    for (const file of filesBelow(project.path("artifacts/.store/actions"))) {
      assert.doesNotMatch(Deno.readTextFileSync(file), /told/);
    }
  });

  test("a result isn't kept where the stage's late code was written to while it ran", async () => {
    using project = projectWith(`
      const { word } = await import("./late.ts");
      Deno.writeTextFileSync(join(checkpoint, "loaded"), word);
      await pause(parameters.ms);
      give();`);
    project.write({
      "stages/late.ts": `export const word = "late";\n`,
      "pipeline.yaml":
        "stages:\n  one: { run: stages/one.ts, needs: { text: ./data.txt }, params: { ms: 2000 } }\n",
    });
    const running = start(project, ["run", `--executor=${kind}`]);
    const ending = running.output();
    await until(() =>
      filesBelow(project.path("artifacts/.store/checkpoints")).some((path) => path.endsWith("loaded"))
    );
    project.write({ "stages/late.ts": `export const word = "later";\n` });
    const { code, stdout } = await ending;
    assert.equal(code, 1);
    assert.match(new TextDecoder().decode(stdout), /its code or its inputs changed while it ran/);
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}
