/** `plan [STAGE…]` shows what a run would do and why. */

import type { Command } from "commander";
import { leftOutMistake } from "../../pipeline/graph/select.ts";
import { type Prices, pricesOf } from "../../pipeline/explain/price.ts";
import { statusOf } from "../../pipeline/explain/status.ts";
import { dim, green, listed, yellow } from "../terminal/text.ts";
import { aligned, outputColumns, printLines, widthOf } from "../terminal/width.ts";
import { type PipelineOptions, planOf } from "./options.ts";
import { priceColumns, totalLines } from "./price_text.ts";
import { addSelectionOptions, chosenBy, type SelectionOptions } from "./selection.ts";
import { isCertain, reasonOf, type Stale, statusToJson, tally } from "./status_text.ts";

interface Options extends PipelineOptions, SelectionOptions {
  readonly json: boolean;
}

const mostNamed = 3; // of the instances that another waits for
const timeWidth = 10; // columns that a time takes, beside which reasons stand if there is room for both

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
  for (const line of table(toShow, prices)) printLines(line);
  printLines(tally(statuses) ?? green("nothing to run: all up to date"));
  for (const line of await totalLines(plan, prices, toRun)) printLines(line);
}

/** Returns a line for each instance, or two where beside the times there is too little room for the reasons. */
function table(statuses: readonly Stale[], prices: Prices): readonly string[] {
  const names = aligned(statuses.map(({ instance }) => instance));
  const reasons = statuses.map((status) => reasonText(status, prices.get(status.instance)?.sameAs));
  const beside = outputColumns() - 4 - widthOf(names[0] ?? "");
  const besideReasons = beside - Math.max(0, ...reasons.map(widthOf));
  const isOneLine = besideReasons >= timeWidth;
  const priceOf = priceColumns(
    prices,
    statuses.map(({ instance }) => instance),
    isOneLine ? besideReasons : beside,
  );
  return statuses.map((status, index) => {
    const mark = isCertain(status) ? yellow("●") : dim("○");
    const start = `${mark} ${names[index]}  ${priceOf(status.instance)}`;
    return isOneLine ? start + reasons[index] : `${start.trimEnd()}\n    ${reasons[index]}`;
  });
}

function reasonText(status: Stale, sameAs: string | undefined): string {
  if (sameAs !== undefined) return dim(`the same as ${sameAs}`);
  const after = status.state === "waiting" ? dim(`after ${listed(status.on, mostNamed)}: `) : "";
  return after + reasonOf(status);
}
