/** The commands of docs/tutorial.md work as they stand there, and print what it shows. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyProject, isSetUp, shell } from "./pipelines/copy.ts";
import { commandsIn, withoutNumbers } from "./shown_commands.ts";

const page = readFileSync(fileURLToPath(new URL("../docs/tutorial.md", import.meta.url)), "utf8");

Deno.test({ name: "the tutorial's commands do what it shows", ignore: !isSetUp }, async (t) => {
  using copy = copyProject();
  const [, overlay] = page.match(/^```yaml\n([^]*?)^```$/m) ?? [];
  assert.ok(overlay);
  writeFileSync(join(copy.root, "small.yaml"), overlay);
  const [, ...sections] = page.split(/^## /m);
  const commands = commandsIn(sections.slice(1).join("\n")); // the first section is about the clone that this is
  assert.ok(commands.length > 10);
  for (const { command, output = "" } of commands) {
    await t.step(command.slice(0, 100), async () => {
      const { code, output: printed } = await shell(copy, command);
      assert.equal(code, 0, printed);
      const comparable = withoutNumbers(printed);
      for (const line of shownLines(output)) assert.ok(comparable.includes(line), `${line}\n\n${printed}`);
    });
  }
});

/** The lines that the page shows of an output, but for those that it shortens with an ellipsis. */
function shownLines(output: string): readonly string[] {
  return withoutNumbers(output).split("\n").map((line) => line.trim()).filter((line) => !line.includes("…"));
}
