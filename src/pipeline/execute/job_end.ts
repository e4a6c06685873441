/** What the end of a job means for the action that it was to run. */

import { join } from "node:path";
import type { Executed } from "../process/execution.ts";
import { jobFiles, lastLinesOf, type RunEnd } from "./job_folder.ts";
import type { JobEnd } from "./job_queue.ts";

const lastLineCount = 10;

/** Returns how an action ended whose job came to its end. */
export function executedOf(
  { end: { outcome, ...span }, run }: { readonly end: RunEnd; readonly run: string },
  id: string | undefined,
): Executed {
  if (outcome.kind === "done") return { ...outcome, output: join(run, "output"), span };
  return outcome.kind === "failed"
    ? { ...outcome, reason: `${outcome.reason} (Slurm's job ${id})` }
    : outcome;
}

/** Says whether a job was lost by no fault of its own, so that it is worth another. */
export function isLost(end: JobEnd): boolean {
  return end.kind === "gone" && ["BOOT_FAIL", "LOST", "NODE_FAIL", "PREEMPTED"].includes(end.state);
}

/** Says why a job ended without its stage, with the last lines of what it and Slurm printed. */
export function failureOf(
  end: Exclude<JobEnd, { kind: "ended" }>,
  id: string | undefined,
  folder: string,
  log: string,
): Executed {
  const job = `Slurm's job ${id}`;
  if (end.kind === "hopeless") {
    return {
      kind: "failed",
      reason:
        `${job} would have waited for ever (${end.reason}), and was cancelled: it asks for more than there is`,
      lastLines: [],
    };
  }
  const said = lastLinesOf(jobFiles.output(folder), lastLineCount);
  const lastLines = [...lastLinesOf(log, lastLineCount), ...said];
  // Where Slurm itself watches the memory, and not the kernel, the state is FAILED.
  const state = said.some((line) => overMemory.test(line)) ? "OUT_OF_MEMORY" : end.state;
  return { kind: "failed", reason: reasonOf(job, { ...end, state }), lastLines };
}

/** What Slurm prints of a job that it ends because of its memory. */
const overMemory = /^slurmstepd\S*: error: .*exceeded memory limit/;

function reasonOf(job: string, { state, reason }: Extract<JobEnd, { kind: "gone" }>): string {
  switch (state) {
    case "CANCELLED":
      return `${job} was cancelled`;
    case "TIMEOUT":
    case "DEADLINE":
      return `${job} was ended at its time limit: give the stage a longer \`timeout\`, or jobs a longer \`time\``;
    case "OUT_OF_MEMORY":
      return `${job} was ended because its memory ran out: give it more by \`flags\`, as in --mem=16G`;
    case "LOST":
      return `${job} is gone: Slurm doesn't know it any more, and it left no word`;
    default: {
      const why = reason === "" || reason === "None" ? "" : `, ${reason}`;
      return `${job} ended (${state}${why}) before its stage was done`;
    }
  }
}
