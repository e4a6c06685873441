/** `gc` removes old results from the store. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { cleanUp } from "../../pipeline/check/cleanup.ts";
import { holdStore } from "../../pipeline/store/locks.ts";
import { exitCodes } from "../program/exit_codes.ts";
import { interruption } from "../program/interruption.ts";
import { bytes, count, dim, short } from "../terminal/text.ts";
import { printLines } from "../terminal/width.ts";
import { projectStore } from "./project_store.ts";

interface Options {
  readonly keepRuns: number;
  readonly maxSize: number;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const examples = `
What artifacts/ shows of each pipeline file that is there always stays, with all that it came from; where checkouts
share a store, so does what each of them shows. Checkpoints stay from which an instance's newest attempt can resume.
While runs are under way, what they have used or made stays too, as do all logs and checkpoints.

Examples:
  deno task pipeline gc --dry-run
  deno task pipeline gc --keep-runs 1      only the newest results
  deno task pipeline gc --max-size 2GB     as many of the older results as fit

Exit codes: 0 done, 2 wrong input, 130 interrupted.`;

export function addGcCommand(program: Command): void {
  program.command("gc")
    .description("remove old results, their logs and what crashes left behind")
    .option("--keep-runs <number>", "how many of each instance's newest results to keep", parseCount, 3)
    .addOption(
      new Option("--max-size <size>", "how much space results may take, as in 500MB or 2GB")
        .argParser(parseSize).default(Infinity, "no limit"),
    )
    .option("--dry-run", "only say what would be removed", false)
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(collect);
}

async function collect(options: Options, command: Command): Promise<void> {
  const { keepRuns, maxSize, dryRun, json } = options;
  const store = projectStore(command);
  const onWait = () => console.error(dim("waiting for another process that uses the store"));
  using held = dryRun ? undefined : await holdStore(store.root, { onWait, signal: interruption() });
  if (!held && !dryRun) {
    Deno.exitCode = exitCodes.interrupted;
    return;
  }
  const cleanup = cleanUp(store, { keepRuns, maxBytes: maxSize, dryRun });
  const { kept, removed, removedResults, gone, unseen } = cleanup;
  if (json) return console.log(JSON.stringify({ dryRun, ...cleanup }, null, 2));
  for (const { artifacts = "a checkout", folder } of unseen) {
    printLines(`kept what ${artifacts} shows, which isn't there; if it is gone for good, remove ${folder}`);
  }
  for (const file of gone) printLines(`${file} is gone: its views ${dryRun ? "would go" : "go"} too`);
  if (dryRun) {
    removedResults.forEach(({ instance, key, ended }) =>
      printLines(`${instance}  ${dim(`made ${ended.slice(0, 16).replace("T", " ")}, key ${short(key)}`)}`)
    );
  }
  const what = `${count(removed.results, "result")}, ${count(removed.files, "file")}, ${
    bytes(removed.bytes)
  }`;
  printLines(
    `${dryRun ? "would remove" : "removed"} ${what}; kept ${count(kept.results, "result")}, ${
      bytes(kept.bytes)
    }`,
  );
}

function parseCount(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("A whole number of 1 or more is expected.");
}

const units: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

function parseSize(text: string): number {
  const [, number, unit = "B"] = text.toUpperCase().match(/^(\d+(?:\.\d+)?) ?([KMGT]?B)?$/) ?? [];
  const factor = units[unit];
  if (number !== undefined && factor !== undefined) return Number(number) * factor;
  throw new InvalidArgumentError("A size such as 500MB or 2GB is expected.");
}
