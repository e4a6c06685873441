import { join } from "node:path";
import type { Command } from "../../command.ts";
import { peersFolder, peerVersions } from "../../peers/environment.ts";
import { chainInput, execute, numbers, type Program, write, writeFiles } from "./program.ts";

export const dvc: Program = {
  name: `DVC ${peerVersions.dvc}`,
  async writeChain(folder, stages) {
    const entry = (index: number) =>
      `  s${index}:\n    cmd: (cat ${chainInput(index)}; echo ${index}) > out/s${index}.txt\n` +
      `    deps: [${chainInput(index)}]\n    outs: [out/s${index}.txt]\n`;
    Deno.mkdirSync(join(folder, "out"));
    write(folder, { "start.txt": "start\n", "dvc.yaml": `stages:\n${numbers(stages).map(entry).join("")}` });
    await execute(folder, dvcCommand("init", "--no-scm", "--quiet"));
  },
  command: dvcCommand("repro", "--quiet"),
  forget: ["sh", "-c", "rm -rf out/* dvc.lock .dvc/cache .dvc/tmp"],
};

/** Makes a command of DVC's. */
export function dvcCommand(...args: readonly string[]): Command {
  return [join(peersFolder, "bin/dvc"), ...args];
}

/** Writes a project with one stage that needs a folder of this number of files. */
export async function writeDvcFilesProject(folder: string, files: number): Promise<void> {
  writeFiles(folder, files);
  write(folder, {
    "dvc.yaml":
      "stages:\n  count:\n    cmd: find files -type f | wc -l > count.txt\n    deps: [files]\n    outs: [count.txt]\n",
  });
  await execute(folder, dvcCommand("init", "--no-scm", "--quiet"));
}
