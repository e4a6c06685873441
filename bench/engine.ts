/**
 * Times the engine beside DVC and Snakemake on a chain of one-line stages: from nothing, and again with nothing to do.
 *
 *   deno run --allow-read --allow-write --allow-run --allow-env bench/engine.ts [stages [alone]]
 *
 * `deno task bench engine` calls it, and installs DVC and Snakemake first; `alone` leaves them out. Prints a Markdown table.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { peersFolder, peerVersions } from "./peers.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const [stages, repeats] = [Number(Deno.args[0] ?? 100), 5];
const isAlone = Deno.args[1] === "alone";
const venv = peersFolder;

interface Engine {
  readonly name: string;
  /** Writes the chain into an empty folder. */
  prepare(folder: string): void;
  readonly command: readonly string[];
  /** Forgets all results, for another run from nothing. */
  readonly forget: readonly string[];
}

const chain = Array.from({ length: stages }, (_, index) => index);
const write = (folder: string, files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) Deno.writeTextFileSync(join(folder, name), text);
};
const input = (index: number) => index === 0 ? "start.txt" : `out/s${index - 1}.txt`;

const calibrant: Engine = {
  name: "Calibrant, each stage in a process of its own",
  prepare(folder) {
    const { imports } = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")));
    const source = new URL("../src/", import.meta.url).href;
    const need = (index: number) => index === 0 ? "./start.txt" : `s${index - 1}:text.txt`;
    const entry = (index: number) =>
      `  s${index}: { run: copy.ts, needs: { text: "${need(index)}" }, params: { line: ${index} } }\n`;
    write(folder, {
      "deno.json": JSON.stringify({ nodeModulesDir: "none", imports: { ...imports, "calibrant/": source } }),
      "deno.lock": Deno.readTextFileSync(join(root, "deno.lock")),
      "copy.ts": copyStage,
      "start.txt": "start\n",
      "pipeline.yaml": `stages:\n${chain.map(entry).join("")}`,
    });
  },
  command: [
    ...[
      Deno.execPath(),
      "run",
      "--no-prompt",
      "--quiet",
      "--allow-read",
      "--allow-write=artifacts",
      "--allow-run",
    ],
    ...["--allow-env", "--config=deno.json", join(root, "src/cli/pipeline.ts")],
  ],
  forget: ["rm", "-rf", "artifacts"],
};

const copyStage = `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Adds a line.",
  parameters: z.strictObject({ line: z.int() }),
  inputs: { text: { description: "a text" } },
  outputs: { "text.txt": "the text and the line" },
  run({ parameters, input, output }) {
    const text = Deno.readTextFileSync(input("text"));
    return Deno.writeTextFile(join(output, "text.txt"), text + parameters.line + "\\n");
  },
});
`;

const dvc: Engine = {
  name: `DVC ${peerVersions.dvc}`,
  prepare(folder) {
    const entry = (index: number) =>
      `  s${index}:\n    cmd: (cat ${input(index)}; echo ${index}) > out/s${index}.txt\n` +
      `    deps: [${input(index)}]\n    outs: [out/s${index}.txt]\n`;
    Deno.mkdirSync(join(folder, "out"));
    write(folder, { "start.txt": "start\n", "dvc.yaml": `stages:\n${chain.map(entry).join("")}` });
    run(folder, [join(venv, "bin/dvc"), "init", "--no-scm", "--quiet"]);
  },
  command: [join(venv, "bin/dvc"), "repro", "--quiet"],
  forget: ["sh", "-c", "rm -rf out/* dvc.lock .dvc/cache .dvc/tmp"],
};

const snakemake: Engine = {
  name: `Snakemake ${peerVersions.snakemake}`,
  prepare(folder) {
    const rule = (index: number) =>
      `rule s${index}:\n    input: "${input(index)}"\n    output: "out/s${index}.txt"\n` +
      `    shell: "(cat {input}; echo ${index}) > {output}"\n`;
    const all = `rule all:\n    input: "out/s${stages - 1}.txt"\n`;
    write(folder, { "start.txt": "start\n", "Snakefile": all + chain.map(rule).join("") });
  },
  command: [join(venv, "bin/snakemake"), "--cores", "2", "--quiet", "all"],
  forget: ["rm", "-rf", "out", ".snakemake"],
};

/** Runs a command in a folder and returns the seconds it took as a whole process. */
function run(folder: string, [command, ...args]: readonly string[]): number {
  const started = performance.now();
  const { code, stderr } = new Deno.Command(command, { args, cwd: folder, env: { NO_COLOR: "1" } })
    .outputSync();
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return seconds;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

const engines = [calibrant, ...isAlone ? [] : [dvc, snakemake]].map((engine) => {
  const folder = Deno.makeTempDirSync({ prefix: "calibrant-bench-" });
  engine.prepare(folder);
  return { ...engine, folder, cold: [] as number[], idle: [] as number[] };
});
// In turn, so that a machine whose speed drifts is the same for all.
for (let repeat = 0; repeat < repeats; repeat++) {
  for (const { folder, command, forget, cold, idle } of engines) {
    run(folder, forget);
    cold.push(run(folder, command));
    idle.push(run(folder, command));
  }
}
const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const seconds = (value: number) => `${value.toFixed(2)} s`;
const [own] = engines;
console.log([
  row([
    `${stages} chained one-line stages, medians of ${repeats}`,
    "from nothing",
    "nothing to do",
    "against Calibrant",
  ]),
  row(["---", "---:", "---:", "---:"]),
  ...engines.map(({ name, cold, idle }) => {
    const ratios = [median(cold) / median(own.cold), median(idle) / median(own.idle)];
    return row([
      name,
      seconds(median(cold)),
      seconds(median(idle)),
      ratios.map((ratio) => `${ratio.toFixed(1)}×`).join(", "),
    ]);
  }),
].join("\n"));
for (const { folder } of engines) Deno.removeSync(folder, { recursive: true });
