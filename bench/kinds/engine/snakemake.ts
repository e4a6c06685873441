import { join } from "node:path";
import { peersFolder, peerVersions } from "../../peers/environment.ts";
import { chainInput, numbers, type Program, write } from "./program.ts";

export const snakemake: Program = {
  name: `Snakemake ${peerVersions.snakemake}`,
  writeChain(folder, stages) {
    const rule = (index: number) =>
      `rule s${index}:\n    input: "${chainInput(index)}"\n    output: "out/s${index}.txt"\n` +
      `    shell: "(cat {input}; echo ${index}) > {output}"\n`;
    const all = `rule all:\n    input: "out/s${stages - 1}.txt"\n`;
    write(folder, { "start.txt": "start\n", "Snakefile": all + numbers(stages).map(rule).join("") });
  },
  command: [join(peersFolder, "bin/snakemake"), "--cores", "2", "--quiet", "all"],
  forget: ["rm", "-rf", "out", ".snakemake"],
};
