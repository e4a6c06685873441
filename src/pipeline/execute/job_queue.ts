/**
 * The queue follows all jobs of a run by one look at a time: one call of `squeue`, whatever their number, and
 * the files in which their nodes say how far they are.
 */

import { setTimeout } from "node:timers/promises";
import type { Progress } from "../process/conversation.ts";
import { readEnd, readProgress } from "./job_folder.ts";
import { accountedState, type ListedJob, listJobs } from "./slurm_commands.ts";

/** A job to follow. */
export interface FollowedJob {
  readonly id: string;
  readonly folder: string;
  onProgress(progress: Progress): void;
}

/** How it went with a job. */
export type JobEnd =
  /** The run of it that started last has ended, and says how. */
  | { readonly kind: "ended" }
  /** It ended in this state of Slurm's, and no run of it says how. `LOST` where Slurm knows nothing of it. */
  | { readonly kind: "gone"; readonly state: string; readonly reason: string }
  /** It waits for what there will never be. */
  | { readonly kind: "hopeless"; readonly reason: string };

export interface JobQueue {
  /** Waits for a job's end. Undefined where the signal fired before it. */
  follow(job: FollowedJob, signal: AbortSignal): Promise<JobEnd | undefined>;
  /** How many jobs are followed. */
  size(): number;
}

const [shortestMs, longestMs] = [1000, 10_000] as const; // between two looks
const patience = 1.5; // how much longer each wait is than the one before while nothing happens
const stepMs = 250; // a wait is cut short where another job is followed or the last one isn't any more

/** Looks in which a job has to be gone before it is taken to be, since what its node wrote may come later. */
const goneLooks = 2;
const completedLooks = 10;

/** States in which a job has ended; in all others it may still run, or run again. */
const endStates = new Set([
  ...["BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL"],
  ...["OUT_OF_MEMORY", "PREEMPTED", "REVOKED", "TIMEOUT"],
]);

/** Reasons for which a job would wait for ever. */
const hopeless =
  /^(Partition(Config|TimeLimit|NodeLimit)|BadConstraints|Invalid(Account|QOS)|AccountNotAllowed|QOSNotAllowed)$|PerJob(Limit)?$/;

interface Watched extends FollowedJob {
  /** What was last seen of it, in a line. */
  seen: string;
  /** In how many looks one after the other it was gone. */
  goneLooks: number;
  /** What its node has last said of its progress, as text. */
  progress: string;
  resolve(end: JobEnd | undefined): void;
  reject(error: unknown): void;
}

/** Follows jobs that share this name. */
export function openQueue(name: string): JobQueue {
  const watched = new Set<Watched>();
  let isLooking = false;
  let waitMs: number = shortestMs;

  async function lookAtAll(): Promise<void> {
    let lookedAt = performance.now();
    while (watched.size > 0) {
      await setTimeout(stepMs);
      if (performance.now() - lookedAt < waitMs) continue;
      const jobs = [...watched]; // one that is submitted while squeue answers isn't in its answer
      const listed = await listJobs(name);
      lookedAt = performance.now();
      const changes = await Promise.all(jobs.map(async (job) => {
        const before = job.seen;
        const end = await lookAt(job, listed);
        if (end && watched.delete(job)) job.resolve(end);
        return end !== undefined || job.seen !== before;
      }));
      waitMs = changes.includes(true) ? shortestMs : Math.min(longestMs, waitMs * patience);
    }
    isLooking = false; // at once, since whoever comes now has to begin another round
  }

  function look(): void {
    if (isLooking) return;
    isLooking = true;
    lookAtAll().catch((error) => {
      isLooking = false;
      watched.forEach(({ reject }) => reject(error));
      watched.clear();
    });
  }

  return {
    size: () => watched.size,
    follow(job, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<JobEnd | undefined>();
      const entry: Watched = { ...job, seen: "", goneLooks: 0, progress: "", resolve, reject };
      const stop = () => {
        watched.delete(entry);
        resolve(undefined);
      };
      signal.addEventListener("abort", stop);
      watched.add(entry);
      waitMs = shortestMs;
      if (signal.aborted) stop();
      look();
      return promise.finally(() => signal.removeEventListener("abort", stop));
    },
  };
}

/** Returns the id of a job that was submitted in a folder and hasn't ended, if the list has one. */
export function livingJobIn(
  folder: string,
  listed: ReadonlyMap<string, ListedJob> | undefined,
): string | undefined {
  const jobs = [...listed?.values() ?? []];
  return jobs.find((job) => job.folder === folder && !endStates.has(job.state))?.id;
}

/** Looks once at a job, passes on how far it is, and returns its end where that has come. */
async function lookAt(
  job: Watched,
  listed: ReadonlyMap<string, ListedJob> | undefined,
): Promise<JobEnd | undefined> {
  const found = listed?.get(job.id);
  // The files are read after the list, so that a job that has ended by the list has written them.
  if (readEnd(job.folder)) return { kind: "ended" };
  if (!listed) {
    return tell(job, `Slurm doesn't answer, and is asked again: job ${job.id}`);
  }
  const state = found?.state ?? "LOST";
  if (!found || endStates.has(state)) {
    tell(job, `job ${job.id} ended: ${state}`);
    job.goneLooks++;
    if (job.goneLooks < (state === "COMPLETED" ? completedLooks : goneLooks)) return undefined;
    if (found) return { kind: "gone", state, reason: found.reason };
    const accounted = await accountedState(job.id) ?? state;
    return { kind: "gone", state: endStates.has(accounted) ? accounted : state, reason: "" };
  }
  job.goneLooks = 0;
  if (state === "PENDING" && hopeless.test(found.reason)) return { kind: "hopeless", reason: found.reason };
  const progress = state === "PENDING" ? undefined : readProgress(job.folder);
  const text = JSON.stringify(progress) ?? "";
  if (progress && text !== job.progress) {
    job.progress = text;
    job.onProgress(progress);
    job.seen = state;
  } else if (!progress) {
    tell(
      job,
      state === "PENDING"
        ? `job ${job.id} waits (${found.reason})`
        : `job ${job.id} is ${state.toLowerCase()}`,
    );
  }
  return undefined;
}

/** Says in the place of progress what there is to say of a job, where that is new. */
function tell(job: Watched, text: string): undefined {
  if (job.seen === text) return;
  job.seen = text;
  job.onProgress({ type: "progress", done: 0, total: 1, text, heldBytes: 0 });
}
