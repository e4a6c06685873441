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
