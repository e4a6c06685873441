/** docs/commands.md says what the commands say of themselves. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandsPage } from "../../src/cli/docs/commands_page.ts";
import { formatted } from "../../src/cli/results/formatted.ts";
import { commands, repository } from "./task.ts";

const page = readFileSync(join(repository, "docs/commands.md"), "utf8");

Deno.test("the page of commands is what deno task docs writes now", async () => {
  assert.equal(page, await formatted(await commandsPage(repository), "md"));
});

Deno.test("every command of the pipeline and every task that a user runs has its section", () => {
  const sections = Array.from(page.matchAll(/^## deno task (.*)$/gm), ([, command = ""]) => command);
  const { tasks } = JSON.parse(readFileSync(join(repository, "deno.json"), "utf8"));
  const forDevelopers = ["check", "gate", "test", "docs", "screenshots"];
  const ofPipeline = commands.map((name) => `pipeline ${name}`);
  const expected = [...ofPipeline, ...Object.keys(tasks).filter((name) => !forDevelopers.includes(name))];
  assert.deepEqual(sections.toSorted(), expected.toSorted());
});

Deno.test("no line of a command's help has more than 120 characters", () => {
  const lines = page.split(/^## /m).slice(1).flatMap((section) => section.split("\n"));
  assert.deepEqual(lines.filter((line) => line.length > 120), []);
});

Deno.test("every command's help has examples, and the pipeline's has its exit codes", () => {
  const [pipeline = "", ...ofCommands] = page.split(/^## (?=deno task pipeline\b)/m).slice(1);
  assert.equal(ofCommands.length, commands.length);
  for (const command of ofCommands) assert.match(command, /Examples:\n {2}deno task pipeline/);
  assert.match(pipeline, /Exit codes: 0 done, 1 a stage failed, 2 wrong input, 130/);
});
