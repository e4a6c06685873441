/** `push [TO]` puts the locked results into a remote cache. */

import type { Command } from "commander";
import { push } from "../../pipeline/share/push.ts";
import { exitCodes } from "../program/exit_codes.ts";
import { interruption } from "../program/interruption.ts";
import { bytes, count, dim, green } from "../terminal/text.ts";
import { printLines } from "../terminal/width.ts";
import { lockedResultsOf } from "./locked.ts";
import type { PipelineOptions } from "./options.ts";
import { projectStore } from "./project_store.ts";
import { withRemoteCache } from "./remote_cache.ts";
import { printRefusals, transferDisplay } from "./transfer_display.ts";

interface Options extends PipelineOptions {
  readonly json: boolean;
}

const examples = `
TO is the address of a cache: https://host/path, which speaks Bazel's HTTP protocol, or s3://bucket/prefix. Without it,
the cache of the user's configuration is taken. The results have to be here as they are locked; what they came from goes
along. What the cache has already isn't sent again. docs/cache.md says where credentials stand.

Examples:
  deno task pipeline push
  deno task pipeline push s3://team-bucket/calibrant
  deno task pipeline push --file pipelines/smoke.yaml http://cache.example:8080 --json

Exit codes: 0 done, 1 the cache took not all of it, 2 wrong input (such as results that aren't as they are locked, or a
cache that doesn't serve), 130 interrupted.`;

export function addPushCommand(program: Command): void {
  program.command("push")
    .description("put the results that the pipeline's lock names into a remote cache, for others to take")
    .argument("[to]", "the cache's address; by default that of your configuration")
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(pushResults);
}

function pushResults(to: string | undefined, _options: unknown, command: Command): Promise<void> {
  const { file, json }: Options = command.optsWithGlobals();
  const locked = lockedResultsOf(file);
  return withRemoteCache(to, async (cache) => {
    const signal = interruption();
    using display = transferDisplay();
    const pushed = await push(projectStore(command), cache, locked, {
      onWait: () => console.error(dim("waiting for a clean-up to end")),
      onProgress: (done, total) => display.show(`  ${done} of ${count(total, "result")} pushed`),
      signal,
    }).catch((error) => {
      if (!signal.aborted) throw error;
      Deno.exitCode = exitCodes.interrupted;
    });
    if (!pushed) return;
    display[Symbol.dispose]();
    if (pushed.refused.length > 0) Deno.exitCode = exitCodes.failed;
    if (json) return console.log(JSON.stringify({ locked: locked.length, ...pushed }, null, 2));
    printRefusals(pushed.refused);
    const sent = `${count(pushed.files, "file")}, ${bytes(pushed.bytes)}`;
    printLines(green(`✓ ${count(pushed.results, "result")} in ${cache.place.name} (${sent} sent)`));
  });
}
