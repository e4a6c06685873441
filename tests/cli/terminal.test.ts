/** Every program and command as people run them: on a terminal, and into a pipe that is closed early. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { projectWith } from "../pipeline/one_stage.ts";
import { type Invocation, runIntoClosedPipe, runOnTerminal } from "../terminal.ts";
import { commands, stackTrace, task } from "./task.ts";

const programs = [
  "pipeline",
  "metrics",
  "predict",
  "serve",
  "calibrate",
  "doctor",
  "setup",
  "results",
  "bench",
  "docs",
];

Deno.test("every command's --help is shown on a terminal, and into a pipe that is closed", async () => {
  assert.ok(commands.length >= 16, "all commands were found");
  const ofPrograms = programs.map((name) => task(name, ["--help"]));
  const ofCommands = commands.map((command) => task("pipeline", [command, "--help"]));
  const nameOf = (invocation: Invocation) => invocation.args.slice(-3).join(" ");
  for (const invocation of [...ofPrograms, ...ofCommands]) {
    const name = nameOf(invocation);
    const { code, shown } = await runOnTerminal(invocation);
    assert.equal(code, 0, `${name}: ${shown}`);
    assert.match(shown, /Usage: deno task \w+/, name);
    assert.doesNotMatch(shown, stackTrace, name);
  }
  for (const invocation of [...ofPrograms, ofCommands[0]]) { // all commands' help is written by the same code
    const name = nameOf(invocation);
    const piped = await runIntoClosedPipe(invocation);
    assert.ok([0, 141].includes(piped.code), name);
    assert.equal(piped.errors, "", name);
  }
});

Deno.test("whoever stops reading ends a run quietly, and a full device is told in one message", async () => {
  using project = projectWith("give(); await pause(500);");
  const running = task("pipeline", ["run", "--force"], project.root);
  const ended = await runIntoClosedPipe(running);
  assert.deepEqual(ended, { code: 141, errors: "" });
  const full = new Deno.Command("sh", {
    args: ["-c", '"$0" "$@" > /dev/full', running.program, ...running.args],
    ...{ cwd: running.cwd, env: running.env, clearEnv: true },
  }).outputSync();
  assert.equal(full.code, 2);
  assert.match(new TextDecoder().decode(full.stderr), /^error: No space left on device \(os error 28\)\n$/);
});

/** Every command that shows something of a project, as far as it needs more than its name. */
const argumentsOf: Readonly<Record<string, readonly string[]>> = {
  run: ["--force"],
  init: ["not-there.csv"],
  plan: ["--force"],
  reproduce: ["one"],
  diff: ["one@a-rather-long-name", "one@another-rather-long-name"],
  audit: ["one"],
  pull: ["artifacts"],
  export: ["--format", "slsa"],
};

Deno.test("every command fits a terminal of 60 columns, without colours where none are wanted, and a closed pipe", async () => {
  using project = projectWith(
    "give(); progress(1, 2, 'loss 0.123, 12345 tokens/s, 17 GFLOP/s (19 % of peak)');",
  );
  const variants = "matrix: { name: [a-rather-long-name, another-rather-long-name] }";
  project.write({ "pipeline.yaml": project.read("pipeline.yaml") + `    ${variants}\n` });
  for (const command of ["run", ...commands.filter((name) => name !== "run")]) {
    const { env, ...rest } = task("pipeline", [command, ...argumentsOf[command] ?? []], project.root);
    const own = { NO_COLOR: "1", XDG_CONFIG_HOME: project.path("config") };
    const invocation = { ...rest, env: { ...env, ...own } };
    const { shown } = await runOnTerminal(invocation, { columns: 60 });
    assert.doesNotMatch(shown, stackTrace, command);
    assert.ok(
      !shown.split("\x1b[").slice(1).some((part) => /^[\d;]*m/.test(part)),
      `${command} has no colours`,
    );
    const isJson = ["schema", "export"].includes(command);
    const lines = isJson ? [] : stripVTControlCharacters(shown).split("\n");
    assert.deepEqual(lines.filter((line) => line.length > 60 && line.trim().includes(" ")), [], command);
    const { errors } = await runIntoClosedPipe(invocation);
    assert.doesNotMatch(errors, stackTrace, command);
  }
  assert.ok(existsSync(project.path("artifacts/one/another-rather-long-name/text.txt")), "the run was one");
});

Deno.test("what the system refuses is told in one message", async () => {
  using project = projectWith("give();");
  Deno.symlinkSync("loop.yaml", project.path("loop.yaml"));
  new Deno.Command("mkfifo", { args: [project.path("pipe.yaml")] }).outputSync();
  const asked: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ["status", "--file", "data.txt/pipeline.yaml"],
      /^error: data\.txt\/pipeline\.yaml: found a file that can't be/,
    ],
    [
      ["status", "--file", "loop.yaml"],
      /^error: loop\.yaml: found a file that can't be read \(Too many levels/,
    ],
    [["status", "--file", "/proc/self/mem"], /^error: \/proc\/self\/mem: found a file that can't be read/],
    [
      ["status", "--file", "pipe.yaml"],
      /^error: pipe\.yaml: found a pipe or a device, expected a YAML file\n$/,
    ],
    [["status", "--file", ""], /^error: found an empty path, expected a pipeline file\n$/],
  ];
  for (const [args, message] of asked) {
    const { program, args: all, cwd, env } = task("pipeline", args, project.root);
    const { code, stderr } = await new Deno.Command(program, { args: [...all], cwd, env, clearEnv: true })
      .output();
    const errors = new TextDecoder().decode(stderr);
    assert.equal(code, 2, errors);
    assert.match(errors, message);
    assert.doesNotMatch(errors, /\n {4}at /);
  }
});
