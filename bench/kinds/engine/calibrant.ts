import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "../../command.ts";
import { numbers, type Program, write, writeFiles } from "./program.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Calibrant's engine.
 *
 * @param warm whether one process runs all stages, one after the other
 */
export function calibrant(warm: boolean): Program {
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

/**
 * Makes the engine's command line for a project's folder: the one that `deno task pipeline` has, without
 * set-up.
 */
export function calibrantCommand(...args: readonly string[]): Command {
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

/** Writes a project with one stage that needs a folder of this number of files. */
export function writeFilesProject(folder: string, files: number): void {
  writeProject(folder);
  write(folder, {
    "count.ts": countStage,
    "pipeline.yaml": "stages:\n  count: { run: count.ts, needs: { files: ./files } }\n",
  });
  writeFiles(folder, files);
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

/** Makes a folder a project whose stages import Calibrant's modules. */
function writeProject(folder: string): void {
  const { imports } = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")));
  const source = new URL("../../../src/", import.meta.url).href;
  write(folder, {
    "deno.json": JSON.stringify({ nodeModulesDir: "none", imports: { ...imports, "calibrant/": source } }),
    "deno.lock": Deno.readTextFileSync(join(root, "deno.lock")),
  });
}
