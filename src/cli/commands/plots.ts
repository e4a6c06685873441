/** `plots [STAGE…]` draws the charts of results as files. */

import { resolve } from "node:path";
import type { Command } from "commander";
import { namedInstances } from "../../pipeline/graph/select.ts";
import { stageOf } from "../../pipeline/store/instance_name.ts";
import { instancesWithResults } from "../../pipeline/store/results.ts";
import { writeNewFolder } from "../export/new_folder.ts";
import { projectStore } from "./project_store.ts";
import { optionalStagesHelp } from "./selection.ts";

const examples = `
It draws what stages/evaluate.ts and stages/compare.ts have measured, whether or not the pipeline has a report: in
literal colours, which programs other than browsers show too. Nothing runs. A report's own charts are among its
results: artifacts/report/plots.

Examples:
  deno task pipeline plots
  deno task pipeline plots --file pipelines/smoke.yaml --out smoke-plots
  deno task pipeline plots 'evaluate@mrpc,*' compare@mrpc --out mrpc

Exit codes: 0 done, 2 wrong input.`;

export function addPlotsCommand(program: Command): void {
  program.command("plots")
    .description("draw the charts of results as SVG files")
    .argument("[stages...]", optionalStagesHelp)
    .option("--out <folder>", "a new folder for them", "plots")
    .option("--json", "print the files' paths as JSON", false)
    .addHelpText("after", examples)
    .action(writePlots);
}

async function writePlots(
  patterns: readonly string[],
  { out, json }: { readonly out: string; readonly json: boolean },
  command: Command,
): Promise<void> {
  const store = projectStore(command);
  const known = instancesWithResults(store).map((name) => ({ name, stage: stageOf(name) }));
  const instances = namedInstances(known, patterns).map(({ name }) => name);
  await writeNewFolder(resolve(out), async (folder) => {
    // What draws is loaded here alone, since no other command needs it.
    const [{ chartsOf }, { writeCharts }] = await Promise.all([
      import("../plots/charts.ts"),
      import("../../report/write.ts"),
    ]);
    const charts = await chartsOf(store, instances);
    await writeCharts(folder, charts);
    const paths = charts.map(({ name }) => `${out}/${name}.svg`);
    return json ? JSON.stringify(paths, null, 2) : paths.join("\n");
  }, []);
}
