/** `lock` records the digests of the pipeline's results, to commit. */

import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../errors.ts";
import { type InstanceStatus, statusOf } from "../../pipeline/explain/status.ts";
import {
  type LockedResult,
  lockedResultsFolder,
  writeLockedResults,
} from "../../pipeline/share/locked_results.ts";
import { withWriteAccess } from "../program/write_access.ts";
import { count, green, listed } from "../terminal/text.ts";
import { printLines } from "../terminal/width.ts";
import { type PipelineOptions, planOf } from "./options.ts";

interface Options extends PipelineOptions {
  readonly json: boolean;
}

const examples = `
For pipeline.yaml it writes the folder pipeline.lock: a text file for each stage, in which a line for each instance has
the key of its action (a hash of all that the result depends on) and the digest of its outputs. Commit the folder:
verify then compares the results with it, and colleagues pull the results that it names.

Examples:
  deno task pipeline lock
  deno task pipeline lock --file pipelines/smoke.yaml --json

Exit codes: 0 done, 2 wrong input (such as a result that isn't up to date).`;

const mostNamed = 3;

export function addLockCommand(program: Command): void {
  program.command("lock")
    .description(
      "record the digests of the pipeline's results, to commit; colleagues pull and verify the results",
    )
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(lockResults);
}

function lockResults(_options: unknown, command: Command): Promise<void> {
  const options: Options = command.optsWithGlobals();
  const folder = lockedResultsFolder(options.file);
  // Planning runs Deno to list modules, and imports stages as the project's configuration says.
  const planning = ["--allow-run", `--config=${join(Deno.cwd(), "deno.json")}`];
  return withWriteAccess([folder], async () => {
    const plan = await planOf(options);
    const results = lockable(statusOf(plan, plan.instances));
    writeLockedResults(folder, results);
    if (options.json) console.log(JSON.stringify({ folder, results }, null, 2));
    else printLines(green(`✓ ${count(results.length, "result")} locked in ${folder}`));
  }, planning);
}

/** Turns current results into what the lock holds. @throws {InputError} if something isn't up to date */
function lockable(statuses: readonly InstanceStatus[]): readonly LockedResult[] {
  const stale = statuses.filter(({ state }) => state !== "current").map(({ instance }) => instance);
  if (stale.length > 0) {
    throw new InputError({
      found: `${listed(stale, mostNamed)}, not up to date`,
      expected: "results of the pipeline as it is now",
      fix: "Bring all up to date with `deno task pipeline` and the same options, then lock again.",
    });
  }
  return statuses.flatMap((status) => {
    if (status.state !== "current") return [];
    const { record: { key, tree }, instance } = status;
    return [{ instance, key, tree }];
  });
}
