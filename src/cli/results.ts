/**
 * The program behind `deno task results`: it writes the experiments' results as pages of the documentation.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { trainingLengthFile } from "../report/charts/training_length.ts";
import { collect } from "./commands/options.ts";
import { newProgram, runProgram } from "./program/program.ts";
import { formatted } from "./results/formatted.ts";
import { experiments, figureFile, overviewOf, taskTable } from "./results/overview.ts";
import { type PipelineResults, resultsOf } from "./results/page.ts";
import { green } from "./terminal/text.ts";

const overview = "docs/results.md";
const folder = "docs/results";

const explanation = `
Each pipeline has a page of its own in ${folder}, with the report of every stage that writes one. ${overview} has
a table of the figures of all pipelines that have a page, and a figure of the training's length where it was compared.
Pages of other pipelines than those named are kept. All reports must be up to date.

Examples:
  deno task results
  deno task results pipelines/movie-reviews.yaml
  deno task results pipelines/movie-reviews.yaml --set vars.precision=float32   as the run had it

Exit codes: 0 done, 2 wrong input (such as a result that isn't up to date).`;

const program = newProgram("deno task results")
  .description(`Writes ${overview} and a page for each experiment's pipeline from its results.`)
  .argument("[files...]", "pipeline files; those of all experiments unless given")
  .option(
    "--set <assignment>",
    "a value that the runs had, as for deno task pipeline; may be repeated",
    collect,
    [],
  )
  .addHelpText("after", explanation)
  .action((files: readonly string[], { set }: { readonly set: readonly string[] }) =>
    writeResults(files.length > 0 ? files : experiments, set)
  );

async function writeResults(files: readonly string[], set: readonly string[]): Promise<void> {
  const results: (PipelineResults & { readonly file: string })[] = [];
  for (const file of files) results.push({ file, ...await resultsOf(file, set) });
  // All results have been read before anything is written.
  mkdirSync(folder, { recursive: true });
  for (const { file, text, comparison, comparisons } of results) {
    const name = basename(file, ".yaml");
    const [title, ...rest] = text.split("\n");
    const tasks = comparison ? new Map([[name, comparison]]) : ofSettings(name, comparisons);
    const parts = [title, ...(tasks.size > 0 ? [taskTable(tasks)] : []), rest.join("\n").trim()];
    writeFileSync(join(folder, `${name}.md`), await formatted(`${parts.join("\n\n")}\n`, "md"));
    const drawn = trainingLengthFile(comparisons);
    if (drawn) writeFileSync(join(folder, figureFile), await formatted(drawn, "svg"));
  }
  writeFileSync(overview, await formatted(`${overviewOf(folder)}\n`, "md"));
  console.log(green(`✓ ${files.join(", ")} in ${overview} and ${folder}`));
}

/** Names the comparisons of a pipeline that compares settings rather than variants: each has its own. */
function ofSettings(
  name: string,
  comparisons: PipelineResults["comparisons"],
): PipelineResults["comparisons"] {
  const named = (instance: string) => `${name}: ${instance.replace(/^compare[@-]/, "")}`;
  return new Map(Array.from(comparisons, ([instance, comparison]) => [named(instance), comparison]));
}

await runProgram(program);
