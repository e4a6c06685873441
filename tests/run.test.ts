import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "./in_folder.ts";

const runner = fileURLToPath(new URL("run.ts", import.meta.url));

/** Runs the tests of a folder in which each file has one, as a task does. */
async function run(folder: string, ...asked: readonly string[]) {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-run", runner, "--no-check", "--allow-run", "--", ...asked],
    ...{ cwd: folder, env: { NO_COLOR: "1" } },
  }).output();
  return { code, output: new TextDecoder().decode(stdout) };
}

function write(folder: string, bodies: Readonly<Record<string, string>>): void {
  writeFileSync(join(folder, "deno.json"), "{}");
  for (const [name, body] of Object.entries(bodies)) {
    writeFileSync(join(folder, `${name}.test.ts`), `Deno.test("${name}", () => { ${body} });\n`);
  }
}

const passing = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`passes${index + 10}`, ""]));

Deno.test("every file is run once, and failures are named before the closing line", () =>
  inFolder(async (folder) => {
    write(folder, { ...passing, fails: "throw new Error('this is why');" });
    const { code, output } = await run(folder);
    assert.equal(code, 1, output);
    for (const name of Object.keys(passing)) {
      assert.equal(output.match(new RegExp(`^${name} \\.\\.\\. ok`, "gm"))?.length, 1, name);
    }
    assert.match(output, /Error: this is why/);
    assert.match(
      output,
      /\nfails => \.\/fails\.test\.ts:1:6\n\nFAILED \| 20 passed \| 1 failed \| 0 ignored \(\d+m\d+s\)\n$/,
    );
  }));

Deno.test("tests that are ended from outside are a failure, though none of them has failed", () =>
  inFolder(async (folder) => {
    const kill = `new Deno.Command("sh", { args: ["-c", "kill -9 $PPID"] }).outputSync();`;
    write(folder, { ...passing, killed: kill });
    const { code, output } = await run(folder);
    assert.equal(code, 1, output);
    assert.match(
      output,
      /\n1 of 16 parts ended before their closing line\n\nFAILED \| \d+ passed \| 0 failed/,
    );
  }));

Deno.test("files that are asked for are run alone", () =>
  inFolder(async (folder) => {
    write(folder, { passes: "", fails: "throw new Error('this is why');" });
    const alone = await run(folder, "passes.test.ts");
    assert.equal(alone.code, 0, alone.output);
    assert.match(alone.output, /^ok \| 1 passed \| 0 failed/m);
    assert.equal((await run(folder, "fails.test.ts")).code, 1);
  }));
