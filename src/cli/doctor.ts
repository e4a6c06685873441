/** The program behind `deno task doctor`: it says whether all is there that this project needs. */

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { InputError } from "../errors.ts";
import type { SetupPlan } from "../runtime/setup/setup.ts";
import { setupPlan } from "../runtime/setup/setup_plan.ts";
import { type Check, check } from "./doctor/check.ts";
import { libraryChecks, stepsToMake } from "./doctor/library.ts";
import { machineChecks } from "./doctor/machine.ts";
import { programChecks } from "./doctor/programs.ts";
import { exitCodes } from "./program/exit_codes.ts";
import { dim, green, red, yellow } from "./terminal/text.ts";
import { printLines } from "./terminal/width.ts";

const usage = `Usage: deno task doctor [--json]

Looks whether all is there that this project needs: programs, machine, what set-up makes, libtensorflow, the store of
results. It says how to get what is missing, and changes nothing. It works before set-up has run.

Options:
  --json      prints JSON
  -h, --help  shows this

Exit codes: 0 all that is needed is there, 1 something is missing, 2 wrong arguments.`;

async function main(): Promise<void> {
  const { json, help } = options();
  if (help) return console.log(usage);
  const checks: Check[] = [];
  for await (const one of allChecks(fileURLToPath(new URL("../..", import.meta.url)))) {
    checks.push(one);
    if (!json) show(one);
  }
  const isReady = checks.every(({ state }) => state !== "missing");
  if (json) console.log(JSON.stringify({ ready: isReady, checks }, null, 2));
  else {console.log(
      isReady ? green("all that is needed is there") : red("something that is needed is missing"),
    );}
  Deno.exitCode = isReady ? exitCodes.done : exitCodes.failed;
}

function options() {
  try {
    return parseArgs({
      args: Deno.args,
      options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    }).values;
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new InputError({ found, expected: "no arguments, or --json" }, { cause });
  }
}

/** Yields the checks one by one: libtensorflow, which could end the process on a strange machine, is the last. */
async function* allChecks(root: string): AsyncGenerator<Check> {
  let plan: SetupPlan | undefined;
  const planned = await check("set-up", () => {
    plan = setupPlan(root);
    return { state: "ok", found: "" };
  });
  const steps = plan ? stepsToMake(plan) : [];
  yield* await programChecks(plan !== undefined && steps.length === 0);
  yield* await machineChecks(root, steps.reduce((sum, { megabytes }) => sum + 1e6 * megabytes, 0));
  // What reads the store comes from npm, which is in reach only where the packages are.
  if (plan) yield await (await import("./doctor/store.ts")).storeCheck(root);
  yield* plan ? await libraryChecks(plan) : [planned];
}

const indent = 12; // columns of the mark and the name

/** Shows a check: what was found, and below it what to do. */
function show({ name, state, found, fix }: Check): void {
  const mark = { ok: green("✓"), note: yellow("!"), missing: red("✗") }[state];
  printLines(`${mark} ${name.padEnd(indent - 2)}${found}`, indent);
  if (fix) printLines(" ".repeat(indent) + dim(fix), indent);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(`error: ${error.message}`);
  Deno.exit(exitCodes.wrongInput);
}
