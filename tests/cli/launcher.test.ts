/** `./calibrant` beside `deno task`: the same programs with the same permissions, and nothing else printed. */

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { programPath, projectRoot, temporaryFolder } from "../runtime/setup/tools.ts";
import { runOnTerminal } from "../terminal.ts";

const launcher = readFileSync(join(projectRoot, "calibrant"), "utf8");

/** Makes a folder with the launcher and these programs as the only ones on the PATH, and runs the launcher. */
async function launch(programs: Readonly<Record<string, string>>, args: readonly string[]) {
  using folder = temporaryFolder();
  const bin = join(folder.path, "bin");
  mkdirSync(bin);
  mkdirSync(join(folder.path, "node_modules"));
  for (const file of ["calibrant", "deno.json"]) cpSync(join(projectRoot, file), join(folder.path, file));
  for (const tool of ["sh", "sed", "dirname"]) symlinkSync(programPath(tool), join(bin, tool));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const { code, stdout, stderr } = await new Deno.Command(join(folder.path, "calibrant"), {
    args: [...args],
    cwd: "/",
    clearEnv: true,
    env: { PATH: bin },
  }).output();
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, output, errors };
}

/** Prints its arguments, one a line. */
const echo = 'printf \'%s\\n\' "$0" "$@"';

Deno.test("on a terminal it shows what the task shows, without what Deno says of itself", async () => {
  const { code, shown } = await runOnTerminal({
    program: join(projectRoot, "calibrant"),
    args: ["metrics", "--help"],
    cwd: "/",
    env: { NO_COLOR: "1" },
  });
  assert.equal(code, 0, shown);
  assert.match(stripVTControlCharacters(shown), /^Usage: deno task metrics/);
  assert.doesNotMatch(shown, /Task|--allow/);
});

Deno.test("it is a task's name, or else words for the pipeline, and words stay whole", async () => {
  const version = launcher.match(/^version=(.*)$/m)?.[1];
  const deno = `[ "$1" = --version ] && echo "deno ${version} (stable)" && exit\n${echo}`;
  const words = async (...args: readonly string[]) =>
    (await launch({ deno }, args)).output.split("\n").slice(1, -1).join(" | ");
  assert.equal(
    await words("predict", "--input", "my file.csv"),
    "task | --quiet | predict | --input | my file.csv",
  );
  assert.equal(await words("run", "metrics"), "task | --quiet | pipeline | run | metrics");
  assert.equal(await words(), "task | --quiet | pipeline");
});

Deno.test("without that Deno, npx fetches it; without npx, one message says what to do", async () => {
  const [, version] = readFileSync(join(projectRoot, "README.md"), "utf8").match(/npx -y deno@(\S+)/) ?? [];
  const older = { deno: "echo deno 1.0.0", npx: echo };
  assert.match(
    (await launch(older, ["status"])).output,
    new RegExp(`npx\n-y\ndeno@${version}\ntask\n--quiet\npipeline\n`),
  );
  const { code, errors } = await launch({}, ["status"]);
  assert.equal(code, 2);
  assert.match(
    errors,
    /^error: found neither Deno \S+ nor npx, expected one of them on the PATH\n {2}Install Deno/,
  );
});
