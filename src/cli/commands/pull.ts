/** `pull FROM` fetches the locked results from another checkout. */

import { join, relative } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../errors.ts";
import { publicKeysIn } from "../../pipeline/provenance/keys.ts";
import { lockedResultsFolder, readLockedResults } from "../../pipeline/share/locked_results.ts";
import { pull } from "../../pipeline/share/pull.ts";
import { statIfThere } from "../../pipeline/store/atomic.ts";
import { requireFormat } from "../../pipeline/store/format.ts";
import { openStore } from "../../pipeline/store/store.ts";
import { exitCodes } from "../program/exit_codes.ts";
import { interruption } from "../program/interruption.ts";
import { bytes, count, dim, green } from "../terminal/text.ts";
import { printLines } from "../terminal/width.ts";
import { keyFolder } from "./key_folder.ts";
import type { PipelineOptions } from "./options.ts";
import { projectStore, replaceOldStore } from "./project_store.ts";

interface Options extends PipelineOptions {
  readonly json: boolean;
}

const examples = `
FROM is the artifacts folder, mounted or copied, of a checkout that has the results named by the pipeline's lock (see
deno task pipeline lock). The results that they came from are fetched too. Everything is hashed and compared with the
lock and the records; what differs is refused.

Examples:
  deno task pipeline pull /mnt/colleague/calibrant/artifacts
  deno task pipeline pull ../other-checkout/artifacts --json
  deno task pipeline pull --file pipelines/smoke.yaml backup/artifacts

Exit codes: 0 done, 2 wrong input (such as a result that isn't the locked one), 130 interrupted.`;

export function addPullCommand(program: Command): void {
  program.command("pull")
    .description("fetch the results that the pipeline's lock names from another checkout's artifacts folder")
    .argument("<from>", "the artifacts folder to fetch from")
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(pullResults);
}

async function pullResults(from: string, _options: unknown, command: Command): Promise<void> {
  const { file, json }: Options = command.optsWithGlobals();
  const folder = lockedResultsFolder(file);
  const locked = readLockedResults(folder);
  if (locked.length === 0) {
    throw new InputError({
      at: { file: folder },
      found: "no locked results",
      expected: "the pipeline's lock, which names the results to fetch",
      fix: "Write and commit it in the checkout that has the results: deno task pipeline lock",
    });
  }
  replaceOldStore();
  const signal = interruption();
  const pulled = await pull(projectStore(command), storeIn(from), locked, {
    publicKeys: publicKeysIn(keyFolder()),
    onWait: () => console.error(dim("waiting for runs to end")),
    signal,
  }).catch((error) => {
    if (!signal.aborted) throw error;
    Deno.exitCode = exitCodes.interrupted;
  });
  if (!pulled) return;
  if (json) return console.log(JSON.stringify({ from, locked: locked.length, ...pulled }, null, 2));
  pulled.results.forEach(({ instance }) => printLines(`${green("✓")} ${instance}  pulled`));
  const present = locked.length - pulled.results.length;
  printLines(green(
    `✓ ${pulled.results.length} pulled (${count(pulled.files, "file")}, ${
      bytes(pulled.bytes)
    }), ${present} already here`,
  ));
}

function storeIn(from: string) {
  const root = join(from, ".store");
  if (statIfThere(join(root, "actions"))?.isDirectory) {
    requireFormat(root);
    return openStore(root);
  }
  throw new InputError({
    at: { file: relative(Deno.cwd(), from) || from },
    found: "no results",
    expected: "the artifacts folder of a checkout that has them",
  });
}
