import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Invocation } from "../terminal.ts";

export const repository = fileURLToPath(new URL("../..", import.meta.url));
const { tasks } = JSON.parse(Deno.readTextFileSync(join(repository, "deno.json")));

/** Returns how a task runs its program, with exactly the task's permissions and a user's variables. */
export function task(name: string, args: readonly string[], cwd = repository): Invocation {
  const words: readonly string[] = tasks[name].command.split(" ");
  const [flags, file = ""] = [words.slice(2, -1), words.at(-1)];
  const env = { PATH: Deno.env.get("PATH") ?? "", HOME: Deno.env.get("HOME") ?? "", TERM: "xterm-256color" };
  const config = cwd === repository ? [] : [`--config=${join(cwd, "deno.json")}`];
  return {
    program: Deno.execPath(),
    args: ["run", "--quiet", "--cached-only", ...config, ...flags, join(repository, file), ...args],
    cwd,
    env,
  };
}

/** The names of the pipeline's commands. */
export const commands: readonly string[] = Array.from(
  Deno.readTextFileSync(join(repository, "src/cli/pipeline_program.ts")).matchAll(/^ {2}add(\w+)Command\(/gm),
  ([, name = ""]) => name.toLowerCase(),
);

/** What a person must never be shown. */
export const stackTrace = /\n {4}at |NotCapable|Uncaught|Requires .* access/;

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a task's program, which reads `input` from standard input. */
export async function runTask(name: string, args: readonly string[], input = ""): Promise<Ended> {
  const { program, args: all, cwd, env } = task(name, args);
  const process = new Deno.Command(program, {
    args: [...all],
    ...{ cwd, env, clearEnv: true, stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input)).then(() => writer.close()).catch(() => {}); // it may have ended
  const { code, stdout, stderr } = await process.output();
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.doesNotMatch(errors, stackTrace);
  return { code, output, errors };
}
