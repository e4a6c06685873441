/** The program of a job of a cluster: it is given the job's folder, and runs the action that lies there. */

import { runJob } from "../pipeline/execute/node.ts";
import { environmentFacts } from "../runtime/environment.ts";
import { exitCodes } from "./program/exit_codes.ts";

const [folder] = Deno.args;
const outcome = folder === undefined ? "absent" : await runJob(folder, {
  job: `job ${Deno.env.get("SLURM_JOB_ID") ?? "without a number"}`,
  name: Deno.env.get("SLURMD_NODENAME") ?? "without a name",
  facts: environmentFacts,
});
if (outcome === "absent") {
  console.error(
    `error: found no action in ${folder ?? "no folder"}: the run that submitted it has given it up`,
  );
}
if (outcome === "killed") {
  console.error("error: the stage's process was ended from outside, perhaps because memory ran out");
}
Deno.exit({ ended: exitCodes.done, absent: exitCodes.wrongInput, killed: exitCodes.failed }[outcome]);
