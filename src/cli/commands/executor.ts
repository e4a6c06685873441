/** The option that says where stages run, and the executor that it stands for. */

import { fileURLToPath } from "node:url";
import { type Command, Option } from "commander";
import { InputError } from "../../errors.ts";
import { slurmExecutor } from "../../pipeline/execute/slurm.ts";
import { type Prices, pricesOf } from "../../pipeline/explain/price.ts";
import { defaultSlurmSite } from "../../pipeline/file/user_configuration.ts";
import type { Plan } from "../../pipeline/plan/plan.ts";
import { type Executor, localExecutor } from "../../pipeline/process/executor.ts";
import { userConfiguration } from "./configuration.ts";

export interface ExecutorOptions {
  readonly executor?: "local" | "slurm";
  readonly maxJobs?: string;
  readonly detach: boolean;
}

export function addExecutorOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--executor <kind>", "where stages run, whatever your configuration says")
        .choices(["local", "slurm"]),
    )
    .option("--max-jobs <count>", "how many jobs may wait or run at once with the executor slurm")
    .option(
      "--detach",
      "leave when jobs do all that can be done now; the next run takes their results",
      false,
    );
}

/**
 * Returns what runs the stages: what the option says, or else the user's configuration, or this machine.
 *
 * @throws {InputError} for mistakes in the options or the configuration, and where Slurm can't be used
 */
export async function executorOf(plan: Plan, options: ExecutorOptions): Promise<Executor> {
  const { executor: configured } = userConfiguration();
  const maxJobs = options.maxJobs === undefined ? undefined : countOf(options.maxJobs);
  if ((options.executor ?? configured?.kind) !== "slurm") {
    const [option] = [
      ...(options.detach ? ["--detach"] : []),
      ...(maxJobs === undefined ? [] : ["--max-jobs"]),
    ];
    if (option !== undefined) throw withoutJobs(option);
    return localExecutor(plan.store);
  }
  const site = configured ?? defaultSlurmSite();
  let prices: Prices | undefined;
  return await slurmExecutor(plan.store, {
    site: maxJobs === undefined ? site : { ...site, maxJobs },
    program: fileURLToPath(new URL("../node.ts", import.meta.url)),
    memoryOf: (instance) => (prices ??= pricesOf(plan, plan.instances)).get(instance)?.peakBytes,
  });
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InputError({ found: `--max-jobs ${text}`, expected: "a whole number of at least 1" });
}

function withoutJobs(option: string): InputError {
  return new InputError({
    found: `${option}, but stages that run on this machine`,
    expected: "an executor that has jobs",
    fix: "Add --executor slurm.",
  });
}
