/** `status [STAGE…]` shows which stages are up to date. */

import type { Command } from "commander";
import { type InstanceStatus, statusOf } from "../../pipeline/explain/status.ts";
import { secondsOf } from "../../pipeline/store/record.ts";
import { printLines } from "../terminal/width.ts";
import { dim, duration, green, yellow } from "../terminal/text.ts";
import { currentWatch } from "../up_to_date/watch.ts";
import { type PipelineOptions, planOf } from "./options.ts";
import { chosenBy, optionalStagesHelp } from "./selection.ts";
import { reasonOf, statusToJson, tally } from "./status_text.ts";

interface Options extends PipelineOptions {
  readonly json: boolean;
}

const examples = `
Examples:
  deno task pipeline status
  deno task pipeline status finetune --json
  deno task pipeline status --set finetune.steps=600   what this change would make stale`;

export function addStatusCommand(program: Command): void {
  program.command("status")
    .description("show which stages are up to date, without running anything")
    .argument("[stages...]", optionalStagesHelp)
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(showStatus);
}

async function showStatus(patterns: readonly string[], _options: unknown, command: Command): Promise<void> {
  const options: Options = command.optsWithGlobals();
  const plan = await planOf(options);
  const { instances, forced } = chosenBy(plan, patterns);
  const statuses = statusOf(plan, instances, forced);
  if (options.json) console.log(JSON.stringify(statuses.map(statusToJson), null, 2));
  else printStatuses(statuses);
  if (statuses.every(({ state }) => state === "current")) currentWatch()?.note();
}

function printStatuses(statuses: readonly InstanceStatus[]): void {
  const width = Math.max(...statuses.map(({ instance }) => instance.length));
  for (const status of statuses) printLines(describe(status, width), width + 4);
  const toDo = tally(statuses);
  printLines(toDo === undefined ? green("all up to date") : `${toDo}: deno task pipeline`);
}

function describe(status: InstanceStatus, width: number): string {
  const name = status.instance.padEnd(width);
  switch (status.state) {
    case "current": {
      const made = status.record.ended.slice(0, 16).replace("T", " ");
      return `${green("✓")} ${name}  ${dim(`made ${made} in ${duration(secondsOf(status.record))}`)}`;
    }
    case "stale":
      return `${yellow("●")} ${name}  to run: ${reasonOf(status)}`;
    case "waiting":
      return `${dim("○")} ${name}  ${dim(`waits for ${status.on.join(", ")}`)}`;
    default:
      return `${yellow("●")} ${name}  ${reasonOf(status)}`;
  }
}
