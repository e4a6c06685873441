/**
 * The program behind `deno task results`: it writes the experiments' results as a page of the documentation.
 */

import { existsSync } from "node:fs";
import { newProgram, runProgram } from "./program/program.ts";
import { formatted } from "./results/formatted.ts";
import { sectionOf } from "./results/section.ts";
import { green } from "./terminal/text.ts";

const page = "docs/results.md";
const experiments = ["pipelines/movie-reviews.yaml", "pipelines/mrpc.yaml", "pipelines/precision.yaml"];

const introduction = `# Results

\`deno task results\` writes this page from the experiments' artifacts; nothing here was typed. [metrics.md](metrics.md)
explains the figures, [method.md](method.md) the variants. Each section names the commit of the code that made it: where
the commits differ, the same variant and seed may be different trainings.`;

const explanation = `
Each pipeline has a section of ${page}, with the report of every stage that writes one. The sections of the
pipelines named are written anew, others are kept. All reports must be up to date.

Examples:
  deno task results
  deno task results pipelines/movie-reviews.yaml

Exit codes: 0 done, 2 wrong input (such as a result that isn't up to date).`;

const program = newProgram("deno task results")
  .description(`Writes ${page} from the results of the experiments' pipelines.`)
  .argument("[files...]", "pipeline files", experiments)
  .addHelpText("after", explanation)
  .action(writeResults);

async function writeResults(files: readonly string[]): Promise<void> {
  const sections = existsSync(page) ? sectionsOf(Deno.readTextFileSync(page)) : new Map<string, string>();
  for (const file of files) sections.set(file, await sectionOf(file));
  const marked = [...sections].sort(([a], [b]) => a < b ? -1 : 1).map(([file, text]) =>
    `${begin(file)}\n\n${text}\n\n${end}`
  );
  Deno.writeTextFileSync(page, await formatted(`${[introduction, ...marked].join("\n\n")}\n`, "md"));
  console.log(green(`✓ ${files.join(", ")} in ${page}`));
}

const begin = (file: string) => `<!-- begin ${file}: written by deno task results -->`;
const end = "<!-- end -->";

/** Finds the sections that a page has, by pipeline file. */
function sectionsOf(text: string): Map<string, string> {
  const parts = text.matchAll(/^<!-- begin (\S+): written by deno task results -->$([^]*?)^<!-- end -->$/gm);
  return new Map(Array.from(parts, ([, file = "", section = ""]) => [file, section.trim()]));
}

await runProgram(program);
