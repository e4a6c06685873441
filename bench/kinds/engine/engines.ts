/** Pipelines of one-line stages, written for Calibrant and for what is used in its place. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { peersFolder, peerVersions } from "../../peers/environment.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** One program that brings pipelines up to date. */
export interface Engine {
  readonly name: string;
  /** Writes a chain of so many stages, each of which adds a line to what the one before has made, into an empty folder. */
  writeChain(folder: string, stages: number): void | Promise<void>;
  /** Brings the chain up to date. */
  readonly command: readonly string[];
  /** Forgets all results, for another run from nothing. */
  readonly forget: readonly string[];
}

/** @param warm whether a process may run one stage after the other */
export function calibrant(warm: boolean): Engine {
  const need = (index: number) => index === 0 ? "./start.txt" : `s${index - 1}:text.txt`;
  return {
    name: `Calibrant, ${warm ? "`warm: true`" : "each stage in a process of its own"}`,
    writeChain(folder, stages) {
      writeProject(folder);
      write(folder, {
        "copy.ts": copyStage(warm),
        "start.txt": "start\n",
        "pipeline.yaml": `stages:\n${
          numbers(stages).map((index) =>
            `  s${index}: { run: copy.ts, needs: { text: "${need(index)}" }, params: { line: ${index} } }\n`
          ).join("")
        }`,
      });
    },
    command: calibrantCommand(),
    forget: ["rm", "-rf", "artifacts"],
  };
}

/** The engine's command line in a project's folder, as the task has it but for set-up. */
export function calibrantCommand(...args: readonly string[]): readonly string[] {
  const permissions = ["--allow-read", "--allow-write=artifacts", "--allow-run", "--allow-env"];
  const program = join(root, "src/cli/pipeline.ts");
  return [
    Deno.execPath(),
    "run",
    "--no-prompt",
    "--quiet",
    ...permissions,
    "--config=deno.json",
    program,
    ...args,
  ];
}

/** A project of one stage that needs a folder of so many files. */
export function writeFilesProject(folder: string, files: number): void {
  writeProject(folder);
  write(folder, {
    "count.ts": countStage,
    "pipeline.yaml": "stages:\n  count: { run: count.ts, needs: { files: ./files } }\n",
  });
  writeFiles(folder, files);
}

/** The same for DVC. */
export async function writeDvcFilesProject(folder: string, files: number): Promise<void> {
  writeFiles(folder, files);
  write(folder, {
    "dvc.yaml":
      "stages:\n  count:\n    cmd: find files -type f | wc -l > count.txt\n    deps: [files]\n    outs: [count.txt]\n",
  });
  await execute(folder, dvcCommand("init", "--no-scm", "--quiet"));
}

export function dvcCommand(...args: readonly string[]): readonly string[] {
  return [join(peersFolder, "bin/dvc"), ...args];
}

export const dvc: Engine = {
  name: `DVC ${peerVersions.dvc}`,
  async writeChain(folder, stages) {
    const entry = (index: number) =>
      `  s${index}:\n    cmd: (cat ${input(index)}; echo ${index}) > out/s${index}.txt\n` +
      `    deps: [${input(index)}]\n    outs: [out/s${index}.txt]\n`;
    Deno.mkdirSync(join(folder, "out"));
    write(folder, { "start.txt": "start\n", "dvc.yaml": `stages:\n${numbers(stages).map(entry).join("")}` });
    await execute(folder, dvcCommand("init", "--no-scm", "--quiet"));
  },
  command: dvcCommand("repro", "--quiet"),
  forget: ["sh", "-c", "rm -rf out/* dvc.lock .dvc/cache .dvc/tmp"],
};

export const snakemake: Engine = {
  name: `Snakemake ${peerVersions.snakemake}`,
  writeChain(folder, stages) {
    const rule = (index: number) =>
      `rule s${index}:\n    input: "${input(index)}"\n    output: "out/s${index}.txt"\n` +
      `    shell: "(cat {input}; echo ${index}) > {output}"\n`;
    const all = `rule all:\n    input: "out/s${stages - 1}.txt"\n`;
    write(folder, { "start.txt": "start\n", "Snakefile": all + numbers(stages).map(rule).join("") });
  },
  command: [join(peersFolder, "bin/snakemake"), "--cores", "2", "--quiet", "all"],
  forget: ["rm", "-rf", "out", ".snakemake"],
};

/** Runs a command in a folder and returns the seconds that it took as a whole process. */
export async function execute(folder: string, [command, ...args]: readonly string[]): Promise<number> {
  const started = performance.now();
  const { code, stderr } = await new Deno.Command(command, { args, cwd: folder, env: { NO_COLOR: "1" } })
    .output();
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return seconds;
}

const copyStage = (warm: boolean) => `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Adds a line.",
  parameters: z.strictObject({ line: z.int() }),
  inputs: { text: { description: "a text" } },
  outputs: { "text.txt": "the text and the line" },
  warm: ${warm},
  run({ parameters, input, output }) {
    const text = Deno.readTextFileSync(input("text"));
    return Deno.writeTextFile(join(output, "text.txt"), text + parameters.line + "\\n");
  },
});
`;

const countStage = `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Counts a folder's entries.",
  parameters: z.strictObject({}),
  inputs: { files: { description: "a folder" } },
  outputs: { "count.txt": "how many" },
  run({ input, output }) {
    return Deno.writeTextFile(join(output, "count.txt"), String([...Deno.readDirSync(input("files"))].length));
  },
});
`;

/** What makes a folder a project whose stages import Calibrant's modules. */
function writeProject(folder: string): void {
  const { imports } = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")));
  const source = new URL("../../../src/", import.meta.url).href;
  write(folder, {
    "deno.json": JSON.stringify({ nodeModulesDir: "none", imports: { ...imports, "calibrant/": source } }),
    "deno.lock": Deno.readTextFileSync(join(root, "deno.lock")),
  });
}

/** A hundred files to a folder. */
function writeFiles(folder: string, files: number): void {
  for (const index of numbers(files)) {
    const inner = join(folder, "files", String(Math.floor(index / 100)));
    if (index % 100 === 0) Deno.mkdirSync(inner, { recursive: true });
    Deno.writeTextFileSync(join(inner, `${index}.txt`), `${index}\n`);
  }
}

function input(index: number): string {
  return index === 0 ? "start.txt" : `out/s${index - 1}.txt`;
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) Deno.writeTextFileSync(join(folder, name), text);
}
