/** `plan [STAGE…]` shows what a run would do and why. */

import type { Command } from "commander";
import { leftOutMistake } from "../../pipeline/graph/select.ts";
import { type Prices, pricesOf } from "../../pipeline/explain/price.ts";
import { statusOf } from "../../pipeline/explain/status.ts";
import { dim, green, listed, yellow } from "../terminal/text.ts";
import { outputColumns, printLines } from "../terminal/width.ts";
import { type PipelineOptions, planOf } from "./options.ts";
import { priceColumns, totalLines } from "./price_text.ts";
import { addSelectionOptions, chosenBy, type SelectionOptions } from "./selection.ts";
import { isCertain, reasonOf, type Stale, statusToJson, tally } from "./status_text.ts";

interface Options extends PipelineOptions, SelectionOptions {
  readonly json: boolean;
}

const mostNamed = 3; // of the instances that another waits for
const reasonWidth = 24; // columns that a reason gets at least

const examples = `
● will run; ○ will run only if a stage before it makes something else than last time. Beside the names stand the time,
memory and disk space that each will take, as far as earlier runs tell, its steps and its tokens at most.

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
  const toShow = statuses.filter((status) => status.state !== "current");
  const names = toShow.map(({ instance }) => instance);
  const toRun = instances.filter(({ name }) => names.includes(name));
  const prices: Prices = toRun.length > 0 ? pricesOf(plan, toRun) : new Map();
  if (options.json) {
    const described = statuses.map((status) => ({
      ...statusToJson(status),
      price: prices.get(status.instance),
    }));
    return console.log(JSON.stringify(described, null, 2));
  }
  const width = Math.max(0, ...names.map((name) => name.length));
  const priceOf = priceColumns(prices, names, outputColumns() - width - 4 - reasonWidth);
  for (const status of toShow) {
    printLines(describe(status, width, priceOf(status.instance)), width + 4);
  }
  printLines(tally(statuses) ?? green("nothing to run: all up to date"));
  for (const line of await totalLines(plan, prices, toRun)) printLines(line);
}

function describe(status: Stale, width: number, price: string): string {
  const name = status.instance.padEnd(width);
  const after = status.state === "waiting" ? dim(`after ${listed(status.on, mostNamed)}: `) : "";
  return `${isCertain(status) ? yellow("●") : dim("○")} ${name}  ${price}${after}${reasonOf(status)}`;
}
