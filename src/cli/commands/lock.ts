/** `lock`: writes down which results the pipeline has, for a commit. */

import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../errors.ts";
import {
  type LockedResult,
  lockedResultsFolder,
  writeLockedResults,
} from "../../pipeline/share/locked_results.ts";
import { type InstanceStatus, statusOf } from "../../pipeline/explain/status.ts";
import { type PipelineOptions, planOf } from "./options.ts";
import { count, green, listed } from "../terminal/text.ts";
import { withWriteAccess } from "../terminal/write_access.ts";

interface Options extends PipelineOptions {
  readonly json: boolean;
}

const examples = `
For pipeline.yaml it writes the folder pipeline.lock: a text for each stage, in it a line for each instance with its
action key and the digest of its outputs. Commit it: verify then compares with it, and pull fetches what it names.

Examples:
  deno task pipeline lock
  deno task pipeline lock --file pipelines/smoke.yaml --json

Exit codes: 0 done, 2 wrong input (such as a result that isn't up to date).`;

const mostNamed = 3;

export function addLockCommand(program: Command): void {
  program.command("lock")
    .description(
      "write down the pipeline's results, for a commit: other checkouts can then pull or verify them",
    )
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(lockResults);
}

function lockResults(_options: unknown, command: Command): Promise<void> {
  const options: Options = command.optsWithGlobals();
  const folder = lockedResultsFolder(options.file);
  // Planning asks Deno about modules, and imports them as the project's configuration says.
  const planning = ["--allow-run", `--config=${join(Deno.cwd(), "deno.json")}`];
  return withWriteAccess(folder, async () => {
    const plan = await planOf(options);
    const results = lockable(await statusOf(plan, plan.instances));
    writeLockedResults(folder, results);
    console.log(
      options.json
        ? JSON.stringify({ folder, results }, null, 2)
        : green(`✓ ${count(results.length, "result")} locked in ${folder}`),
    );
  }, planning);
}

/** @throws {InputError} where something isn't up to date */
function lockable(statuses: readonly InstanceStatus[]): readonly LockedResult[] {
  const stale = statuses.filter(({ state }) => state !== "current").map(({ instance }) => instance);
  if (stale.length > 0) {
    throw new InputError({
      found: `${listed(stale, mostNamed)}, not up to date`,
      expected: "results of the pipeline as it is now, to lock",
      fix: "Bring all up to date with `deno task pipeline` and the same options, then lock again.",
    });
  }
  return statuses.flatMap((status) => {
    if (status.state !== "current") return [];
    const { record: { key, tree }, instance } = status;
    return [{ instance, key, tree }];
  });
}
