/** `why [STAGE…]` shows what has changed since an instance's last run, field by field. */

import type { Command } from "commander";
import { type InstanceStatus, type SinceLastRun, statusOf } from "../../pipeline/explain/status.ts";
import { namedInstances } from "../../pipeline/graph/select.ts";
import { bold, count, dim, green, short, yellow } from "../terminal/text.ts";
import { printLines } from "../terminal/width.ts";
import { describeChanges } from "./changes_text.ts";
import { type PipelineOptions, planOf } from "./options.ts";
import { chosenBy, optionalStagesHelp } from "./selection.ts";
import { reasonOf, statusToJson } from "./status_text.ts";

interface Options extends PipelineOptions {
  readonly json: boolean;
}

const examples = `
Examples:
  deno task pipeline why                                   every stage
  deno task pipeline why evaluate@scalar
  deno task pipeline why 'finetune@*' --set vars.seed=7    what another seed would change
  deno task pipeline why report --json

Exit codes: 0 done, 2 wrong input.`;

export function addWhyCommand(program: Command): void {
  program.command("why")
    .description("show what has changed since stages last ran: parameters, code, inputs, environment")
    .argument("[stages...]", optionalStagesHelp)
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(showWhy);
}

async function showWhy(patterns: readonly string[], _options: unknown, command: Command): Promise<void> {
  const options: Options = command.optsWithGlobals();
  const plan = await planOf(options);
  const wanted = new Set<string>(namedInstances(plan.instances, patterns).map(({ name }) => name));
  const { instances, forced } = chosenBy(plan, patterns);
  const statuses = statusOf(plan, instances, forced);
  const asked = statuses.filter(({ instance }) => wanted.has(instance));
  if (options.json) console.log(JSON.stringify(asked.map(statusToJson), null, 2));
  else printLines(asked.map(describe).join("\n\n"));
}

function describe(status: InstanceStatus): string {
  const mark = status.state === "current" ? green("✓") : yellow("●");
  const { last, changes = [] }: Partial<SinceLastRun> = status.state === "current"
    ? { last: status.record }
    : status.state === "stale" || status.state === "waiting"
    ? status
    : {};
  const made = last ? dim(`  made ${last.ended.slice(0, 16).replace("T", " ")}, key ${short(last.key)}`) : "";
  return [`${mark} ${bold(status.instance)}  ${verdict(status)}${made}`, ...describeChanges(changes)].join(
    "\n",
  );
}

function verdict(status: InstanceStatus): string {
  switch (status.state) {
    case "current":
      return "up to date: nothing that it depends on has changed";
    case "stale":
      return status.changes.length > 0
        ? `${count(status.changes.length, "change")} since its last result`
        : reasonOf(status);
    case "waiting": {
      const known = status.changes && status.changes.length > 0
        ? `${count(status.changes.length, "change")} known so far`
        : reasonOf(status);
      return `${known}; waits for ${status.on.join(", ")}`;
    }
    default:
      return reasonOf(status);
  }
}
