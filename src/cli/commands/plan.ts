/** `plan [STAGE…]` shows what a run would do and why. */

import type { Command } from "commander";
import { leftOutMistake } from "../../pipeline/graph/select.ts";
import { statusOf } from "../../pipeline/explain/status.ts";
import { dim, green, listed, yellow } from "../terminal/text.ts";
import { type PipelineOptions, planOf } from "./options.ts";
import { addSelectionOptions, chosenBy, type SelectionOptions } from "./selection.ts";
import { isCertain, reasonOf, type Stale, statusToJson, tally } from "./status_text.ts";

interface Options extends PipelineOptions, SelectionOptions {
  readonly json: boolean;
}

const mostNamed = 3; // of the instances that another waits for

const examples = `
● will run; ○ will run only if a stage before it makes something else than last time.

Examples:
  deno task pipeline plan
  deno task pipeline plan evaluate --set finetune.steps=600
  deno task pipeline plan --from sample-noise --force --json

Exit codes: 0 done, 2 wrong input.`;

export function addPlanCommand(program: Command): void {
  const command = program.command("plan").description(
    "show what a run would do and why, without running anything",
  );
  addSelectionOptions(command)
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(showPlan);
}

async function showPlan(patterns: readonly string[], _options: unknown, command: Command): Promise<void> {
  const options: Options = command.optsWithGlobals();
  const plan = await planOf(options);
  const { instances, forced, mayRun } = chosenBy(plan, patterns, options);
  const all = statusOf(plan, instances, forced);
  const leftOut = all.find(({ instance, state }) =>
    !mayRun.has(instance) && ["new", "stale"].includes(state)
  );
  if (leftOut) throw leftOutMistake(leftOut.instance);
  const statuses = all.filter(({ instance }) => mayRun.has(instance));
  if (options.json) return console.log(JSON.stringify(statuses.map(statusToJson), null, 2));
  const toShow = statuses.filter((status) => status.state !== "current");
  const width = Math.max(0, ...toShow.map(({ instance }) => instance.length));
  for (const status of toShow) console.log(describe(status, width));
  console.log(tally(statuses) ?? green("nothing to run: all up to date"));
}

function describe(status: Stale, width: number): string {
  const name = status.instance.padEnd(width);
  const after = status.state === "waiting" ? dim(`after ${listed(status.on, mostNamed)}: `) : "";
  return `${isCertain(status) ? yellow("●") : dim("○")} ${name}  ${after}${reasonOf(status)}`;
}
