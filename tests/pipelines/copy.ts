/** Makes copies of this project, in which pipelines run on real texts without touching its artifacts. */
import { cpSync, existsSync, linkSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const parts = [
  ...["deno.json", "deno.lock", "pipeline.yaml", "pipelines", "src", "stages"],
  "tests/fixtures/paper-smoke",
];
const setup = "artifacts/setup";

/** Whether `deno task setup` has run, which every pipeline needs. */
export const isSetUp = existsSync(join(root, setup, "stamp.json"));

export interface Copy extends Disposable {
  readonly root: string;
}

/**
 * Copies the project as a fresh clone has it, with this one's downloads. The copy lies beside these, so that
 * they can be hard links, and is removed at the end of the test.
 */
export function copyProject(): Copy {
  const copy = Deno.makeTempDirSync({ dir: join(root, "artifacts"), prefix: ".test-" });
  for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true });
  for (const file of filesBelow(join(root, setup))) {
    mkdirSync(join(copy, setup, dirname(file)), { recursive: true });
    linkSync(join(root, setup, file), join(copy, setup, file));
  }
  return { root: copy, [Symbol.dispose]: () => Deno.removeSync(copy, { recursive: true }) };
}

/** Lists all files below a folder, as sorted paths relative to it. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs `deno task pipeline` with these arguments in a copy. */
export function pipeline(copy: Copy, ...args: readonly string[]): Promise<Ended> {
  return task(copy, "pipeline", ...args);
}

/** Runs `deno task pipeline` with these arguments in a copy, for a user who has these environment variables. */
export function pipelineWith(
  env: Readonly<Record<string, string>>,
  { root: cwd }: Copy,
  ...args: readonly string[]
): Promise<Ended> {
  const task = { args: ["task", "pipeline", ...args], cwd, env: { NO_COLOR: "1", ...env } };
  return ended(new Deno.Command(Deno.execPath(), task));
}

/** Runs a task in a copy. */
export function task({ root: cwd }: Copy, ...args: readonly string[]): Promise<Ended> {
  return ended(new Deno.Command(Deno.execPath(), { args: ["task", ...args], cwd, env: { NO_COLOR: "1" } }));
}

/** Returns a shell's command in a copy, where `deno` is the one that runs the tests. */
export function shellCommand({ root: cwd }: Copy, command: string): Deno.Command {
  const path = `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`;
  return new Deno.Command("sh", {
    args: ["-c", command],
    ...{ cwd, env: { NO_COLOR: "1", PATH: path }, stdout: "piped", stderr: "piped" },
  });
}

/** Runs a shell's command in a copy. */
export function shell(copy: Copy, command: string): Promise<Ended> {
  return ended(shellCommand(copy, command));
}

async function ended(command: Deno.Command): Promise<Ended> {
  const { code, stdout, stderr } = await command.output();
  return { code, output: [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("") };
}
