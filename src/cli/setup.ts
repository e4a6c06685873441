/** The program behind `deno task setup`: it downloads and builds, once, what isn't in the repository. */

import { fileURLToPath } from "node:url";
import { InputError } from "../errors.ts";
import { setupPlan } from "../runtime/setup/setup_plan.ts";
import { progressOnStderr } from "../runtime/setup/progress.ts";
import { setUp } from "../runtime/setup/setup.ts";

async function main(): Promise<void> {
  using progress = progressOnStderr();
  await setUp(setupPlan(fileURLToPath(new URL("../..", import.meta.url))), progress);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  Deno.exit(2);
}
