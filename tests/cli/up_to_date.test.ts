import assert from "node:assert/strict";
import { join } from "node:path";
import { lookAt } from "../../src/cli/up_to_date/looks.ts";
import type { Note } from "../../src/cli/up_to_date/up_to_date.ts";
import { repository } from "./task.ts";
import { chain, makeProject, pipeline, type Project } from "../pipeline/synthetic.ts";

const notePath = "artifacts/.store/up-to-date";
const statusNotePath = `${notePath}-status`;
const upToDate = /^✓ all 5 stages up to date \(/;

/** The chain with a folder among its inputs, and with links. */
const project = () => {
  const project = makeProject({
    ...chain,
    "texts/a.txt": "one two three four five\n",
    "texts/deep/b.txt": "six\n",
    "elsewhere/c.txt": "one two three four five\n",
    "pipeline.yaml": chain["pipeline.yaml"].replaceAll("./data.txt", "./link.txt"),
  });
  Deno.symlinkSync("data.txt", project.path("link.txt"));
  return project;
};

/** Waits until the times of what was written show every later change. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 2100));

/** Brings the project up to date and has the next run find that, and note it. */
async function noted(project: Project, ...args: readonly string[]): Promise<Note> {
  await settle(); // or else the next run would still have to ask Deno what the stages import
  assert.equal((await pipeline(project, ...args)).code, 0);
  await settle();
  const { output } = await pipeline(project, ...args);
  assert.match(output, upToDate);
  const note: Note = JSON.parse(project.read(notePath));
  // A mark shows which outputs are the note's.
  project.write({ [notePath]: JSON.stringify({ ...note, printed: `noted: ${note.printed}` }) });
  return note;
}

const isOfNote = (output: string) => output.startsWith("noted: ");

Deno.test("a run that finds all as the last one did prints what that one printed", async () => {
  using made = project();
  await noted(made);
  const { code, output, errors } = await pipeline(made);
  assert.deepEqual([code, errors], [0, ""]);
  assert.match(output, /^noted: ✓ all 5 stages up to date \(\d.* s\) {2}cached results saved .*\n$/);
  // Whoever asks for something else is answered by the program.
  assert.ok(!isOfNote((await pipeline(made, "run", "all")).output));
});

Deno.test("status of what is up to date prints what the last one did, and leaves the runs' note alone", async () => {
  using made = project();
  await noted(made);
  const { output: first } = await pipeline(made, "status");
  assert.match(first, /✓ all .*all up to date\n$/s);
  const note: Note = JSON.parse(made.read(statusNotePath));
  assert.equal(note.printed, first);
  made.write({ [statusNotePath]: JSON.stringify({ ...note, printed: `noted: ${first}` }) });
  assert.equal((await pipeline(made, "status")).output, `noted: ${first}`);
  assert.ok(isOfNote((await pipeline(made)).output));
  for (const args of [["status", "all"], ["status", "--json"], ["status", "--set", "all.lines=2"]]) {
    assert.ok(!isOfNote((await pipeline(made, ...args)).output), args.join(" "));
  }
  made.write({ "data.txt": "six two three four five\n" });
  assert.match((await pipeline(made, "status")).output, /● first@long .*to run: /);
  assert.ok(!isOfNote((await pipeline(made, "status")).output));
});

/** What a person, or another program, may do to a project between two runs. */
const changes: Readonly<Record<string, (project: Project) => void>> = {
  "an input of the same size and modification time"(project) {
    const path = project.path("data.txt");
    const { mtime } = Deno.statSync(path);
    project.write({ "data.txt": "one two seven four five\n".slice(0, 24) });
    Deno.utimeSync(path, mtime!, mtime!);
  },
  "a link to another input": (project) => {
    Deno.removeSync(project.path("link.txt"));
    Deno.symlinkSync("elsewhere/c.txt", project.path("link.txt"));
  },
  "an edited stage": ({ path }) =>
    Deno.writeTextFileSync(path("stages/head.ts"), "// one more line\n", { append: true }),
  "an edited pipeline file": ({ path }) =>
    Deno.writeTextFileSync(path("pipeline.yaml"), "# a comment\n", { append: true }),
  "an edited deno.json": ({ path }) => Deno.writeTextFileSync(path("deno.json"), " ", { append: true }),
  "a new package.json": (project) => project.write({ "package.json": "{}" }),
  "a result that is gone": ({ path }) => removeOne(path("artifacts/.store/actions")),
  "a blob of other content": ({ path }) => {
    const blob = firstFile(path("artifacts/.store/blobs"));
    Deno.chmodSync(blob, 0o600);
    const text = Deno.readFileSync(blob);
    text[0] ^= 1;
    Deno.writeFileSync(blob, text);
  },
  "a blob that is gone": ({ path }) => removeOne(path("artifacts/.store/blobs")),
  "a view that was edited": ({ path }) => {
    Deno.removeSync(path("artifacts/all/all.txt"));
    Deno.writeTextFileSync(path("artifacts/all/all.txt"), "mine\n");
  },
  "a file put into a view": ({ path }) => Deno.writeTextFileSync(path("artifacts/all/more.txt"), ""),
  "a view that is gone": ({ path }) => Deno.removeSync(path("artifacts/first"), { recursive: true }),
  "another newest result": ({ path }) => Deno.writeTextFileSync(path("artifacts/.store/latest/all"), "0"),
  "a store of another format": ({ path }) => Deno.writeTextFileSync(path("artifacts/.store/format"), "0\n"),
  "a key that is trusted": (project) => project.write({ "config/calibrant/friend.pub": "" }),
  "an unfinished run": ({ path }) => Deno.mkdirSync(path("artifacts/.store/staging/x"), { recursive: true }),
};

Deno.test("whatever changes between two runs shows in what the first one has looked at", async (t) => {
  using made = project();
  const { looks } = await noted(made);
  const sights = () => looks.map(([kind, path]) => lookAt(kind, path));
  assert.deepEqual(sights(), looks.map(([, , sight]) => sight));
  for (const [name, change] of Object.entries(changes)) {
    await t.step(name, () => {
      const before = sights();
      change(made);
      assert.notDeepEqual(sights(), before);
    });
  }
});

Deno.test("a run after a change does what there is to do", async () => {
  using made = project();
  await noted(made);
  made.write({ "data.txt": "six two three four five\n" });
  assert.deepEqual((await pipeline(made)).ran, [
    "all",
    "first@long",
    "first@short",
    "second@long",
    "second@short",
  ]);
  // The note is of older results, and of no use any more.
  const { output } = await pipeline(made);
  assert.match(output, upToDate);
  assert.equal(made.read("artifacts/all/all.txt"), "long: six two\nshort: six two\n");
});

Deno.test("another environment, width or program makes a run look for itself", async () => {
  using made = project();
  const note = await noted(made);
  const others: readonly Partial<Note>[] = [
    { circumstances: ["1.0.0", ...note.circumstances.slice(1)] },
    { environment: [...note.environment, ["CALIBRANT_NOT_SET", "1"]] },
    { cpu: "none" },
    { looks: [...note.looks, ["file", made.path("no-such-file"), "same 1"]] },
    { looks: [] }, // as in a store from elsewhere that claims to be up to date
  ];
  for (const other of others) {
    made.write({ [notePath]: JSON.stringify({ ...note, ...other, printed: "noted: " }) });
    assert.match((await pipeline(made)).output, upToDate);
  }
  for (const broken of ["", "{", "[]", "null", JSON.stringify({ ...note, looks: 1 })]) {
    made.write({ [notePath]: broken });
    assert.match((await pipeline(made)).output, upToDate);
  }
});

Deno.test("no module of a run looks at files by functions that aren't watched", () => {
  const folders = [
    "src/pipeline",
    "src/cli/commands",
    "src/cli/program",
    "src/cli/terminal",
    "src/cli/drawing",
  ];
  const unwatched =
    /node:fs|\bDeno\.(?:stat|lstat|readDir|readFile|readTextFile|open|realPath|readLink)\(|Deno\.env\.(?:toObject|has)/;
  const others = [
    "src/pipeline/process/stage_host.ts", // it is in the stages' processes
    "src/pipeline/remote/exchange.ts", // what it reads was looked at before, and is sent
    "src/cli/commands/init.ts", // it runs nothing
  ];
  const modules = folders.flatMap((folder) => filesIn(join(repository, folder)))
    .filter((path) => path.endsWith(".ts") && !others.some((other) => path.endsWith(other)));
  assert.ok(modules.length > 100);
  assert.deepEqual(modules.filter((path) => unwatched.test(Deno.readTextFileSync(path))), []);
});

function filesIn(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(join(folder, name)) : [join(folder, name)]
  );
}

function firstFile(folder: string): string {
  const [entry] = [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  if (!entry) throw new Error(`found nothing in ${folder}`);
  const path = join(folder, entry.name);
  return entry.isDirectory ? firstFile(path) : path;
}

function removeOne(folder: string): void {
  Deno.removeSync(firstFile(folder));
}
