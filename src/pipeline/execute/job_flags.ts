/** A job's flags say to Slurm what an action's stage needs, by the pipeline file and the user's site. */

import { millisecondsOf } from "../file/timeout.ts";
import type { SlurmSite } from "../file/user_configuration.ts";
import { globMatcher } from "../graph/glob.ts";
import type { ActionFile } from "../process/action_file.ts";
import { stageOf } from "../store/instance_name.ts";

/** Minutes beyond a stage's timeout, which its node itself watches, until Slurm ends the job. */
const spareMinutes = 2;

/**
 * Returns the flags for `sbatch`. Those that the user gives come last, since the last of several counts.
 *
 * @param name the name that all jobs of a store share
 * @param bytes the memory that the stage is likely to hold at most; undefined where that isn't known
 */
export function jobFlags(
  { instance, threads, resources, timeout }: ActionFile,
  site: SlurmSite,
  { name, folder, bytes }: {
    readonly name: string;
    readonly folder: string;
    readonly bytes: number | undefined;
  },
): readonly string[] {
  const time = timeout === undefined ? site.time : timeout;
  const minutes = time &&
    Math.ceil(millisecondsOf(time) / 60_000) + (timeout === undefined ? 0 : spareMinutes);
  const gpus = Math.ceil(resources.gpu ?? 0);
  const given = Object.entries(site.flags).flatMap(([pattern, flags]) => {
    const fits = globMatcher(pattern);
    return fits(instance) || fits(stageOf(instance)) ? flags : [];
  });
  return [
    "--parsable",
    `--job-name=${name}`,
    `--chdir=${folder}`,
    "--output=slurm.out",
    "--open-mode=append",
    "--requeue",
    ...["--nodes=1", "--ntasks=1", `--cpus-per-task=${threads}`],
    ...(bytes === undefined ? [] : [`--mem=${memoryFor(bytes)}M`]),
    ...(gpus > 0 ? [`--gres=gpu:${gpus}`] : []),
    ...(minutes ? [`--time=${minutes}`] : []),
    ...optional("partition", site.partition),
    ...optional("account", site.account),
    ...optional("qos", site.qos),
    ...given,
  ];
}

/** Returns how many MiB to ask for: a quarter more than was measured, and room for the job's own process. */
function memoryFor(bytes: number): number {
  return Math.ceil(bytes * 1.25 / 2 ** 20) + 256;
}

function optional(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}
