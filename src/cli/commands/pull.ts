/** `pull [FROM]` fetches the locked results from a remote cache, or from another checkout. */

import { join, relative } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../errors.ts";
import { publicKeysIn } from "../../pipeline/provenance/keys.ts";
import type { LockedResult } from "../../pipeline/share/locked_results.ts";
import { pull, type Pulled } from "../../pipeline/share/pull.ts";
import { type PulledFromCache, pullFromCache } from "../../pipeline/share/pull_from_cache.ts";
import { statIfThere } from "../../pipeline/store/atomic.ts";
import { requireFormat } from "../../pipeline/store/format.ts";
import type { Waiting } from "../../pipeline/store/locks.ts";
import { openStore } from "../../pipeline/store/store.ts";
import { exitCodes } from "../program/exit_codes.ts";
import { interruption } from "../program/interruption.ts";
import { bytes, count, dim, green, yellow } from "../terminal/text.ts";
import { printLines } from "../terminal/width.ts";
import { keyFolder } from "./key_folder.ts";
import { lockedResultsOf } from "./locked.ts";
import type { PipelineOptions } from "./options.ts";
import { projectStore, replaceOldStore } from "./project_store.ts";
import { isCacheAddress, withRemoteCache } from "./remote_cache.ts";
import { printRefusals, transferDisplay } from "./transfer_display.ts";

interface Options extends PipelineOptions {
  readonly json: boolean;
}

const examples = `
FROM is the address of a remote cache (https://host/path, s3://bucket/prefix; by default that of your configuration), or
the artifacts folder, mounted or copied, of a checkout that has the results named by the pipeline's lock (see deno task
pipeline lock). The results that they came from are fetched too. Everything is hashed and compared with the lock and the
records; what differs is refused. docs/cache.md says where credentials for a cache stand.

Examples:
  deno task pipeline pull
  deno task pipeline pull s3://team-bucket/calibrant
  deno task pipeline pull /mnt/colleague/calibrant/artifacts
  deno task pipeline pull ../other-checkout/artifacts --json
  deno task pipeline pull --file pipelines/smoke.yaml backup/artifacts

Exit codes: 0 done, 1 the cache hasn't got all of it, 2 wrong input (such as a checkout's result that isn't the locked
one, or a cache that doesn't serve), 130 interrupted.`;

export function addPullCommand(program: Command): void {
  program.command("pull")
    .description(
      "fetch the results that the pipeline's lock names from a remote cache, or from another checkout's " +
        "artifacts folder",
    )
    .argument(
      "[from]",
      "the cache's address, or the artifacts folder; by default the cache of your configuration",
    )
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(pullResults);
}

async function pullResults(from: string | undefined, _options: unknown, command: Command): Promise<void> {
  const { file, json }: Options = command.optsWithGlobals();
  const locked = lockedResultsOf(file);
  if (from !== undefined && !isCacheAddress(from)) {
    return await showPull(locked, json, (waiting) => {
      const options = { ...waiting, publicKeys: publicKeysIn(keyFolder()) };
      return pull(projectStore(command), storeIn(from), locked, options);
    }, { from });
  }
  await withRemoteCache(from, async (cache) => {
    using display = transferDisplay();
    const onProgress = (done: number, total: number) =>
      display.show(`  ${bytes(done)} of ${bytes(total)} pulled`);
    await showPull(locked, json, async (waiting) => {
      const pulled = await pullFromCache(projectStore(command), cache, locked, { ...waiting, onProgress });
      display[Symbol.dispose]();
      return pulled;
    });
  });
}

/** Pulls, and shows what came. */
async function showPull(
  locked: readonly LockedResult[],
  json: boolean,
  pullNow: (waiting: Waiting) => Promise<Pulled & Partial<PulledFromCache>>,
  said: object = {},
): Promise<void> {
  replaceOldStore();
  const signal = interruption();
  const pulled = await pullNow({
    onWait: () => console.error(dim("waiting for runs to end")),
    signal,
  }).catch((error) => {
    if (!signal.aborted) throw error;
    Deno.exitCode = exitCodes.interrupted;
  });
  if (!pulled) return;
  const { results, files, refused = [] } = pulled;
  if (refused.length > 0) Deno.exitCode = exitCodes.failed;
  if (json) return console.log(JSON.stringify({ ...said, locked: locked.length, ...pulled }, null, 2));
  results.forEach(({ instance }) => printLines(`${green("✓")} ${instance}  pulled`));
  printRefusals(refused);
  const present = locked.length - results.length - refused.length;
  const summary = `${results.length} pulled (${count(files, "file")}, ${
    bytes(pulled.bytes)
  }), ${present} already here`;
  if (refused.length === 0) return printLines(green(`✓ ${summary}`));
  printLines(yellow(`■ ${summary}, ${refused.length} not taken; a run makes these: deno task pipeline`));
}

function storeIn(from: string) {
  const folder = join(from, ".store");
  const store = openStore(folder);
  if (statIfThere(join(store.root, "actions"))?.isDirectory) {
    requireFormat(folder);
    return store;
  }
  throw new InputError({
    at: { file: relative(Deno.cwd(), from) || from },
    found: "no results",
    expected: "the artifacts folder of a checkout that has them",
  });
}
