/** `log [STAGE…]` shows what stages printed. */

import { relative } from "node:path";
import type { Command } from "commander";
import { namedInstances } from "../../pipeline/graph/select.ts";
import { newestLogs, stoppedLine } from "../../pipeline/store/logs.ts";
import { bold, dim } from "../terminal/text.ts";
import { printLines } from "../terminal/width.ts";
import { projectStore } from "./project_store.ts";
import { optionalStagesHelp } from "./selection.ts";

const examples = `
Examples:
  deno task pipeline log                  every stage's
  deno task pipeline log finetune@scalar
  deno task pipeline log 'finetune@*'
  deno task pipeline log report --json

Exit codes: 0 done, 2 wrong input.`;

export function addLogCommand(program: Command): void {
  program.command("log")
    .description("show what stages printed when they last ran, even if they failed or were interrupted")
    .argument("[stages...]", optionalStagesHelp)
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(showLogs);
}

/**
 * Shows the newest logs, and before that of an attempt that was stopped the one before it. It reads only the
 * store, so that logs can be had even if the pipeline file is broken.
 */
function showLogs(
  patterns: readonly string[],
  { json }: { readonly json: boolean },
  command: Command,
): void {
  const logs = namedInstances(newestLogs(projectStore(command)), patterns).flatMap(
    ({ name, path, before }) => {
      const newest = read(name, path);
      const wasStopped = newest.text.endsWith(`${stoppedLine}\n`);
      return before !== undefined && wasStopped ? [read(name, before), newest] : [newest];
    },
  );
  if (json) return console.log(JSON.stringify(logs, null, 2));
  if (logs.length === 0) console.error("No stage has run yet.");
  for (const { instance, path, text } of logs) {
    // A single log is printed without a heading, so that other programs can read it.
    if (logs.length > 1) printLines(`${bold(instance)}  ${dim(path)}`);
    console.log(text.trimEnd());
  }
}

function read(instance: string, path: string) {
  return { instance, path: relative(Deno.cwd(), path), text: Deno.readTextFileSync(path) };
}
