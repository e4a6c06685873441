import assert from "node:assert/strict";
import { join } from "node:path";
import { type Ended, makeProject, pipeline, type Project } from "../synthetic.ts";

/** Tells its process, and how often that has run it; `does` says what else it is to do. */
const stage = (warm: boolean) => `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

let runs = 0;

export default defineStage({
  description: "Tells where it runs.",
  parameters: z.strictObject({ does: z.string().default("nothing") }),
  inputs: { text: { description: "a text" } },
  outputs: { "text.txt": "a process, and which of its runs this is" },
  warm: ${warm},
  async run({ parameters: { does }, input, output, scratch, checkpoint, log }) {
    runs++;
    log("log " + does);
    console.log("output " + does);
    console.error("error " + does);
    Deno.stderr.writeSync(new TextEncoder().encode("no line's end " + does));
    if (does === "fail") throw new Error("as it is told");
    if (does === "exit") Deno.exit(3);
    if (does === "look around") Deno.readTextFileSync(join(input("text"), "../../../../../pipeline.yaml"));
    const left = [scratch, checkpoint].flatMap((folder) => [...Deno.readDirSync(folder)]);
    Deno.writeTextFileSync(join(checkpoint, "left"), does);
    Deno.writeTextFileSync(join(scratch, "left"), does);
    await Deno.writeTextFile(join(output, "text.txt"), Deno.pid + " " + runs + " " + left.length);
  },
});
`;

/** A chain of stages, each doing what is said. */
function projectOf(warm: boolean, tasks: readonly string[]): Project {
  const entry = (does: string, index: number) =>
    `  s${index}: { run: stage.ts, needs: { text: "${
      index === 0 ? "./start.txt" : `s${index - 1}:text.txt`
    }" }, ` +
    `params: { does: "${does}" }, network: ${does === "first"} }\n`;
  return makeProject({
    "stage.ts": stage(warm),
    "start.txt": "",
    "pipeline.yaml": `stages:\n${tasks.map(entry).join("")}`,
  });
}

const resultOf = (project: Project, name: string) => project.read(`artifacts/${name}/text.txt`).split(" ");

const logOf = async (project: Project, name: string): Promise<Ended> => await pipeline(project, "log", name);

Deno.test("a process runs warm stages that may do the same, each in empty folders; others have one of their own", async () => {
  const tasks = ["first", "second", "third"]; // the first alone may use the network
  using warm = projectOf(true, tasks);
  assert.equal((await pipeline(warm)).code, 0);
  const [first, second, third] = [resultOf(warm, "s0"), resultOf(warm, "s1"), resultOf(warm, "s2")];
  assert.deepEqual([first, second, third].map(([, runs]) => runs), ["1", "1", "2"]);
  assert.deepEqual([first, second, third].map(([, , left]) => left), ["0", "0", "0"]);
  assert.equal(second[0], third[0]);
  assert.notEqual(first[0], second[0]);
  using cold = projectOf(false, tasks);
  assert.equal((await pipeline(cold)).code, 0);
  assert.deepEqual(tasks.map((_, index) => resultOf(cold, `s${index}`)[1]), ["1", "1", "1"]);
  assert.deepEqual([...Deno.readDirSync(warm.path("artifacts/.store/staging"))], []);
});

Deno.test("what a warm stage prints is in its own log, whatever it prints it to", async () => {
  using project = projectOf(true, ["first", "second"]);
  await pipeline(project);
  for (const [instance, name, other] of [["s0", "first", "second"], ["s1", "second", "first"]] as const) {
    const { output } = await logOf(project, instance);
    for (const kind of ["log", "output", "error", "no line's end"]) {
      assert.ok(output.includes(`${kind} ${name}`), output);
    }
    assert.ok(!output.includes(other));
  }
});

for (const [does, reason] of [["fail", /as it is told/], ["exit", /exit code 3/]] as const) {
  Deno.test(`a process whose stage went wrong (${does}) runs no other, and a retry gets a new one`, async () => {
    using project = projectOf(true, ["first", does]);
    const { code, errors, output } = await pipeline(project);
    assert.equal(code, 1);
    assert.match(output + errors, reason);
    assert.deepEqual([...Deno.readDirSync(project.path("artifacts/.store/staging"))], []);
    const { code: again } = await pipeline(project, "--set", "s1.does=second");
    assert.equal(again, 0);
    assert.equal(resultOf(project, "s1")[1], "1");
  });
}

Deno.test("a warm stage may read what it declares, and no more", async () => {
  using project = projectOf(true, ["first", "look around"]);
  const { code, output, errors } = await pipeline(project);
  assert.equal(code, 1);
  assert.match(output + errors, /asked for read access to .*pipeline\.yaml/);
});

Deno.test("a process whose stage's log couldn't be written runs no other", async () => {
  using project = makeProject({
    "stage.ts": stage(true),
    "start.txt": "",
    "pipeline.yaml": `resources: { cpu: 1 }\nstages:\n${
      ["first", "second", "third"].map((does) =>
        `  ${does}: { run: stage.ts, needs: { text: ./start.txt }, params: { does: "${does}" } }\n`
      ).join("")
    }`,
  });
  assert.equal((await pipeline(project)).code, 0);
  const logs = project.path("artifacts/.store/logs");
  const [log] = [...Deno.readDirSync(logs)].filter(({ name }) => name.startsWith("second"));
  assert.ok(log);
  Deno.removeSync(join(logs, log.name));
  assert.ok(new Deno.Command("mkfifo", { args: [join(logs, log.name)] }).outputSync().success);
  const { output } = await pipeline(project, "run", "--force", "--keep-going");
  assert.match(
    output,
    /✗ second +failed: its result can't be kept \(a named pipe is in the place of its log/,
  );
  assert.match(output, /✓ third +done/);
});
