/** Small projects made for a test, and the engine's command line run on them as a user would. */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Invocation } from "../terminal.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

export interface Project extends Disposable {
  readonly root: string;
  /** Writes files below the project's folder. */
  write(files: Readonly<Record<string, string>>): void;
  read(path: string): string;
  path(...parts: readonly string[]): string;
}

/** A project in a temporary folder, with the engine's import map; it is removed at the end of the test. */
export function makeProject(files: Readonly<Record<string, string>>): Project {
  const root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "calibrant-test-" }));
  const path = (...parts: readonly string[]) => join(root, ...parts);
  const project: Project = {
    root,
    path,
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        Deno.mkdirSync(dirname(path(name)), { recursive: true });
        Deno.writeTextFileSync(path(name), text);
      }
    },
    read: (name) => Deno.readTextFileSync(path(name)),
    [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }),
  };
  const { name, version, imports } = JSON.parse(Deno.readTextFileSync(join(repository, "deno.json")));
  const lock = JSON.parse(Deno.readTextFileSync(join(repository, "deno.lock")));
  // The engine is another package to the project. Deno would add that to the lock, which is in every key.
  lock.workspace.links = { [`jsr:${name}@${version}`]: { dependencies: lock.workspace.dependencies } };
  const source = new URL("../../src/", import.meta.url).href;
  project.write({
    "deno.json": JSON.stringify({ nodeModulesDir: "none", imports: { ...imports, "calibrant/": source } }),
    "deno.lock": `${JSON.stringify(lock, null, 2)}\n`,
    ...files,
  });
  return project;
}

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
  /** Instances that ran, sorted. */
  readonly ran: readonly string[];
}

/** Returns how `deno task pipeline`, or another of the command lines, is started in the project. */
export function invocation(
  project: Project,
  args: readonly string[],
  command: "pipeline" | "results" = "pipeline",
): Invocation {
  return {
    program: Deno.execPath(),
    args: [
      "run",
      "--no-prompt",
      "--cached-only",
      "--quiet",
      `--config=${project.path("deno.json")}`,
      "--allow-read",
      `--allow-write=${[
        project.path("artifacts"),
        ...(command === "results" ? [project.path("docs")] : []),
      ]}`,
      "--allow-run",
      "--allow-env",
      "--allow-sys=systemMemoryInfo",
      join(repository, "src", "cli", `${command}.ts`),
      ...args,
    ],
    cwd: project.root,
    env: { NO_COLOR: "1", XDG_CONFIG_HOME: project.path("config") },
  };
}

/** Starts `deno task pipeline`, or another of the command lines, with these arguments in the project. */
export function start(
  project: Project,
  args: readonly string[],
  command: "pipeline" | "results" = "pipeline",
): Deno.ChildProcess {
  const { program, ...rest } = invocation(project, args, command);
  return new Deno.Command(program, { ...rest, args: [...rest.args], stdout: "piped", stderr: "piped" })
    .spawn();
}

/** A command line that was started. */
export interface Followed {
  /** Returns what it has printed so far. */
  output(): string;
  readonly ended: Promise<Ended>;
}

/** Follows what a started command line prints. */
export function follow({ status, stdout, stderr }: Deno.ChildProcess): Followed {
  let output = "";
  const read = async () => {
    for await (const text of stdout.pipeThrough(new TextDecoderStream())) output += text;
  };
  const end = async (): Promise<Ended> => {
    const [{ code }, errors] = await Promise.all([status, new Response(stderr).text(), read()]);
    const ran = [...output.matchAll(/^✓ ([a-z]\S*) +done in/gm)].flatMap(([, name]) => name ?? []).sort();
    return { code, output, errors, ran };
  };
  return { output: () => output, ended: end() };
}

/** Waits for a started command line's end. */
export function ended(child: Deno.ChildProcess): Promise<Ended> {
  return follow(child).ended;
}

export function pipeline(project: Project, ...args: readonly string[]): Promise<Ended> {
  return ended(start(project, args));
}

/** What `plan` prints without what its stages took before, which differs from run to run. */
export function withoutPrices(output: string): string {
  const lines = output.replace(/\d+ s +\d+\.\d MB +\+\d+ B {2}/g, "").split("\n");
  return lines.filter((line) => !/^(about| {2}critical path: )/.test(line)).join("\n");
}

/** Waits until something is so, which another process makes so. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Says whether a process is there. */
export function isAlive(pid: number): boolean {
  return new Deno.Command("kill", { args: ["-0", String(pid)], stderr: "null" }).outputSync().success;
}

/** A stage that reads a text and writes it changed: `copy` (all of it), `head` (its first `words` words). */
export const copyStage = `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";
import { head } from "./head.ts";

export default defineStage({
  description: "Keeps the first words of a text.",
  parameters: z.strictObject({
    words: z.int().min(1).default(2).describe("how many words to keep"),
    ending: z.string().default("").describe("what to write after them"),
    label: z.string().default("").describe("tells instances apart that do the same"),
  }),
  inputs: { text: { description: "a text file" } },
  outputs: { "text.txt": "the words" },
  async run({ parameters, input, output }) {
    const text = Deno.readTextFileSync(input("text"));
    await Deno.writeTextFile(join(output, "text.txt"), head(text, parameters.words) + parameters.ending);
  },
});
`;

export const headModule = `
/** The first words. */
export function head(text: string, count: number): string {
  return text.trim().split(/\\s+/).slice(0, count).join(" ");
}
`;

/** A stage that puts all instances' texts into one file. */
export const joinStage = `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Joins texts.",
  parameters: z.strictObject({}),
  inputs: { texts: { description: "all of them", many: true } },
  outputs: { "all.txt": "one line each" },
  async run({ inputs, output }) {
    const lines = [...inputs("texts")].map(([variant, path]) => variant + ": " + Deno.readTextFileSync(path) + "\\n");
    await Deno.writeTextFile(join(output, "all.txt"), lines.join(""));
  },
});
`;

/** data.txt → first@{short,long} → second@{short,long} → all. */
export const chain = {
  "stages/copy.ts": copyStage,
  "stages/head.ts": headModule,
  "stages/join.ts": joinStage,
  "data.txt": "one two three four five\n",
  "pipeline.yaml": `
vars: { ending: "" }
stages:
  first:
    run: stages/copy.ts
    matrix: { length: [short, long] }
    needs: { text: ./data.txt }
    params: { label: "\${matrix.length}", words: 3 }
  second:
    run: stages/copy.ts
    matrix: { length: [short, long] }
    needs: { text: "first@\${matrix.length}:text.txt" }
    params: { label: "\${matrix.length}", words: 2, ending: "\${vars.ending}" }
  all:
    run: stages/join.ts
    needs: { texts: "second@*:text.txt" }
`,
};
