import assert from "node:assert/strict";
import { chain, copyStage, headModule, makeProject, pipeline } from "../synthetic.ts";

const everything = ["all", "first@long", "first@short", "second@long", "second@short"];

Deno.test("a first run makes everything, a second does nothing and says so in one line", async () => {
  using project = makeProject(chain);
  const first = await pipeline(project);
  assert.equal(first.code, 0);
  assert.deepEqual(first.ran, everything);
  assert.equal(project.read("artifacts/all/all.txt"), "long: one two\nshort: one two\n");
  assert.equal(project.read("artifacts/first/short/text.txt"), "one two three");
  const second = await pipeline(project);
  assert.match(
    second.output,
    /^✓ all 5 stages up to date \(\d\.\d\d s\)( {2}cached results saved \S+ s)?\n$/,
  );
});

Deno.test("what is written differently but does the same reruns nothing", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  project.write({
    "stages/head.ts": headModule
      .replace("/** The first words. */", "// Comments, types, quotes and line breaks don't count.")
      .replace("text: string, count: number", "\n  text: string,\n  count: number & { unit?: 'word' },\n")
      .replace('join(" ")', "join(' ')"),
    "pipeline.yaml": `# Neither does a comment here.\n${
      chain["pipeline.yaml"].replace("words: 3", "words: 0x3")
    }`,
  });
  assert.deepEqual((await pipeline(project)).ran, []);
});

Deno.test("a changed module that a stage imports reruns the stage", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  project.write({ "stages/head.ts": headModule.replace("slice(0, count)", "slice(-count)") });
  assert.deepEqual((await pipeline(project)).ran, everything);
  assert.equal(project.read("artifacts/all/all.txt"), "long: four five\nshort: four five\n");
});

Deno.test("a changed parameter reruns its stage and what follows, and back again nothing", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const changed = await pipeline(project, "--set", "vars.ending=.");
  assert.deepEqual(changed.ran, ["all", "second@long", "second@short"]);
  assert.equal(project.read("artifacts/all/all.txt"), "long: one two.\nshort: one two.\n");
  assert.deepEqual((await pipeline(project)).ran, []);
  assert.equal(project.read("artifacts/all/all.txt"), "long: one two\nshort: one two\n");
});

Deno.test("a stage whose output comes out the same doesn't rerun what follows", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  project.write({ "data.txt": "one two three and more\n" });
  assert.deepEqual((await pipeline(project)).ran, ["first@long", "first@short"]);
});

Deno.test("a changed file of the user reruns what depends on its content, a touched one doesn't", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  Deno.utimeSync(project.path("data.txt"), new Date(), new Date());
  assert.deepEqual((await pipeline(project)).ran, []);
  project.write({ "data.txt": "six two three\n" });
  assert.deepEqual((await pipeline(project)).ran, everything);
});

Deno.test("an edit of the same size that restores the time of the file is seen", async () => {
  using project = makeProject(chain);
  const { mtime } = Deno.statSync(project.path("data.txt"));
  await pipeline(project);
  project.write({ "data.txt": chain["data.txt"].replace("one", "six") });
  Deno.utimeSync(project.path("data.txt"), mtime ?? 0, mtime ?? 0);
  assert.deepEqual((await pipeline(project)).ran, everything);
});

Deno.test("a file changed, added, renamed or removed in a folder of the user is seen, once all of it is remembered", async () => {
  using project = makeProject({
    "stages/list.ts": listStage,
    "pipeline.yaml": "stages:\n  list: { run: stages/list.ts, needs: { files: ./files } }\n",
    "files/a.txt": "1",
    "files/deep/b.txt": "2",
  });
  const runs = async (expected: string) => {
    assert.deepEqual((await pipeline(project)).ran, ["list"]);
    assert.equal(project.read("artifacts/list/list.txt"), expected);
    await afterFreshness();
    assert.deepEqual((await pipeline(project)).ran, []); // and remembers the folder
    assert.deepEqual((await pipeline(project)).ran, []);
  };
  await runs("a.txt 1, deep/b.txt 2");
  project.write({ "files/deep/b.txt": "3" });
  await runs("a.txt 1, deep/b.txt 3");
  Deno.renameSync(project.path("files/a.txt"), project.path("files/c.txt"));
  await runs("c.txt 1, deep/b.txt 3");
  Deno.removeSync(project.path("files/c.txt"));
  await runs("deep/b.txt 3");
});

/** Waits until no file is so fresh that the engine would rather read it than remember it. */
async function afterFreshness(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2100));
}

const listStage = `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Lists files with what is in them.",
  parameters: z.strictObject({}),
  inputs: { files: { description: "a folder" } },
  outputs: { "list.txt": "names and texts" },
  async run({ input, output }) {
    const walk = (folder: string, prefix: string): string[] =>
      [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
        isDirectory
          ? walk(join(folder, name), prefix + name + "/")
          : [prefix + name + " " + Deno.readTextFileSync(join(folder, name))]
      );
    await Deno.writeTextFile(join(output, "list.txt"), walk(input("files"), "").sort().join(", "));
  },
});
`;

Deno.test("a mistake has its place also where the pipeline file's text is remembered", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  Deno.removeSync(project.path("data.txt"));
  const { code, errors } = await pipeline(project);
  assert.equal(code, 2);
  assert.match(errors, /pipeline\.yaml:\d+:\d+: found no file or folder \.\/data\.txt/);
});

Deno.test("an unused default and the same value written out are the same parameter", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  project.write({ "pipeline.yaml": chain["pipeline.yaml"].replace("words: 3 }", 'words: 3, ending: "" }') });
  assert.deepEqual((await pipeline(project)).ran, []);
});

Deno.test("--force reruns exactly what is named", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  assert.deepEqual((await pipeline(project, "run", "first@short", "--force")).ran, ["first@short"]);
  assert.deepEqual((await pipeline(project, "run", "second@*", "--force")).ran, [
    "second@long",
    "second@short",
  ]);
  assert.deepEqual((await pipeline(project)).ran, []);
});

Deno.test("a named stage brings what it needs, and no more", async () => {
  using project = makeProject(chain);
  assert.deepEqual((await pipeline(project, "run", "second@long")).ran, ["first@long", "second@long"]);
});

Deno.test("a stage that is no longer in the pipeline is no longer shown", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  project.write({
    "pipeline.yaml": chain["pipeline.yaml"].replaceAll("[short, long]", "[long]").replace(
      "  all:",
      "  joined:",
    ),
  });
  assert.deepEqual((await pipeline(project)).ran, ["joined"]);
  assert.deepEqual([...Deno.readDirSync(project.path("artifacts"))].map(({ name }) => name).sort(), [
    ".store",
    "first",
    "joined",
    "second",
  ]);
  assert.deepEqual([...Deno.readDirSync(project.path("artifacts/first"))].map(({ name }) => name), ["long"]);
});

Deno.test("an input that `when` rules out is no input, whatever happens to it", async () => {
  const optional = copyStage.replace(
    'inputs: { text: { description: "a text file" } }',
    `inputs: {
      text: { description: "a text file" },
      extra: { description: "used by long ones", when: ({ words }) => words > 2 },
    }`,
  );
  using project = makeProject({
    ...chain,
    "stages/copy.ts": optional,
    "extra.txt": "extra",
    "pipeline.yaml": `
stages:
  one:
    run: stages/copy.ts
    matrix: { words: [2, 3] }
    needs: { text: ./data.txt, extra: ./extra.txt }
    params: { words: "\${matrix.words}" }
`,
  });
  await pipeline(project);
  project.write({ "extra.txt": "changed" });
  assert.deepEqual((await pipeline(project)).ran, ["one@3"]);
});

Deno.test("a path that isn't in what a stage made is told as a mistake of the input that names it", async () => {
  using project = makeProject({
    ...chain,
    "pipeline.yaml": `
stages:
  folder:
    run: stages/folder.ts
    needs: { text: ./data.txt }
  one:
    run: stages/copy.ts
    needs: { text: "folder:files/missing.txt" }
`,
    "stages/folder.ts": copyStage.replace('{ "text.txt": "the words" }', '{ files: "the words" }')
      .replace("await Deno", 'Deno.mkdirSync(join(output, "files"));\n    await Deno')
      .replace('join(output, "text.txt")', 'join(output, "files", "text.txt")'),
  });
  const { code, errors } = await pipeline(project);
  assert.equal(code, 2);
  assert.match(
    errors,
    /^error: found no files\/missing\.txt in what folder made, expected it, as `needs\.text` names it\n.*audit folder/m,
  );
  assert.ok(!errors.includes("    at "), errors);
});
