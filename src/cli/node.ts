/** The program of a job of a cluster: it is given the job's folder, and runs the action that lies there. */

import { runJob } from "../pipeline/execute/node.ts";
import { environmentFacts } from "../runtime/environment.ts";
import { exitCodes } from "./program/exit_codes.ts";

const [folder] = Deno.args;
const isRun = folder !== undefined && await runJob(folder, {
  job: `job ${Deno.env.get("SLURM_JOB_ID") ?? "without a number"}`,
  name: Deno.env.get("SLURMD_NODENAME") ?? "without a name",
  facts: environmentFacts,
});
if (!isRun) {
  console.error(
    `error: found no action in ${folder ?? "no folder"}: the run that submitted it has given it up`,
  );
}
Deno.exit(isRun ? exitCodes.done : exitCodes.wrongInput);
