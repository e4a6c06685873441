import assert from "node:assert/strict";
import { makeProject, pipeline, type Project } from "../synthetic.ts";
import { filesBelow } from "../one_stage.ts";

/** A stage that tells where its time goes, where it is asked to. */
const measuringStage = `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Writes a word.",
  parameters: z.strictObject({ word: z.string().describe("which") }),
  inputs: {},
  outputs: { "word.txt": "the word" },
  async run({ parameters: { word }, output, profile, summary }) {
    await Deno.writeTextFile(join(output, "word.txt"), word);
    summary("wrote " + word);
    if (profile && word !== "silence") await Deno.writeTextFile(join(profile, "profile.md"), "writing: all\\nrest: 0\\n");
  },
});
`;

const measuring = (word: string) =>
  makeProject({
    "stages/write.ts": measuringStage,
    "pipeline.yaml": `
stages:
  write:
    run: stages/write.ts
    matrix: { variant: [a, b] }
    params: { word: "${word}" }
`,
  });

const profiles = (project: Project) => filesBelow(project.path("artifacts/profile"));

Deno.test("--profile runs what is cached, shows the profile, and neither key nor result knows of it", async () => {
  using project = measuring("word");
  await pipeline(project, "run", "write");
  const before = filesBelow(project.path("artifacts/.store/actions"));

  const { code, ran, output } = await pipeline(project, "run", "write@b", "--profile");

  assert.equal(code, 0);
  assert.deepEqual(ran, ["write@b"]);
  assert.match(output, /✓ write@b +done in .*\n {4}wrote word\n {4}writing: all\n {4}rest: 0\n/);
  assert.deepEqual(profiles(project), [project.path("artifacts/profile/write/b/profile.md")]);
  assert.deepEqual(filesBelow(project.path("artifacts/.store/actions")), before);
  assert.deepEqual(filesBelow(project.path("artifacts/write/b")), [
    project.path("artifacts/write/b/word.txt"),
  ]);
});

Deno.test("a profile stays through runs, gc and verify, until it is made anew", async () => {
  using project = measuring("word");
  await pipeline(project, "run", "write@a", "--profile");
  project.write({ "artifacts/profile/write/a/older.txt": "" });

  for (const command of [["run", "--force"], ["gc"], ["verify"]]) {
    assert.equal((await pipeline(project, ...command)).code, 0, command.join(" "));
    assert.equal(profiles(project).length, 2, command.join(" "));
  }
  await pipeline(project, "run", "write@a", "--profile");

  assert.equal(profiles(project).length, 1);
});

Deno.test("a stage without a profile is said to have none", async () => {
  using project = measuring("silence");
  const { output } = await pipeline(project, "run", "write@a", "--profile");
  assert.match(output, /no profile: this stage doesn't tell where its time goes/);
  assert.deepEqual(profiles(project), []);
});
