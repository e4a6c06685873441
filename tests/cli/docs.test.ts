/** docs/commands.md says what the commands say of themselves. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandsPage } from "../../src/cli/docs/commands_page.ts";
import { formatted } from "../../src/cli/results/formatted.ts";
import { repository } from "./task.ts";

const page = readFileSync(join(repository, "docs/commands.md"), "utf8");

Deno.test("the page of commands is what deno task docs writes now", async () => {
  assert.equal(page, await formatted(await commandsPage(repository), "md"));
});

Deno.test("every command of the pipeline and every task that a user runs has its section", () => {
  const sections = Array.from(page.matchAll(/^## deno task (.*)$/gm), ([, command = ""]) => command);
  const program = readFileSync(join(repository, "src/cli/pipeline_program.ts"), "utf8");
  const commands = Array.from(
    program.matchAll(/^ {2}add(\w+)Command\(/gm),
    ([, name = ""]) => `pipeline ${name.toLowerCase()}`,
  );
  const { tasks } = JSON.parse(readFileSync(join(repository, "deno.json"), "utf8"));
  const forDevelopers = ["check", "gate", "test", "docs", "screenshots"];
  const expected = [...commands, ...Object.keys(tasks).filter((name) => !forDevelopers.includes(name))];
  assert.deepEqual(sections.toSorted(), expected.toSorted());
});
