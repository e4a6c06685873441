/**
 * The executor `slurm` gives each action to Slurm as a job. A job outlives the engine: a run that was killed,
 * or has left its jobs, is gone on with by the next one, which finds them by their folders.
 */

import { dirname, join } from "node:path";
import { InputError } from "../../errors.ts";
import type { SlurmSite } from "../file/user_configuration.ts";
import type { ActionFile } from "../process/action_file.ts";
import type { Executed, Execution } from "../process/execution.ts";
import { type Executor, leaving, type Staging } from "../process/executor.ts";
import { remove, writeAtomically } from "../store/atomic.ts";
import { type ActionKey, digestOf } from "../store/digest.ts";
import { tryLockAction } from "../store/locks.ts";
import { stoppedLine } from "../store/logs.ts";
import type { Store } from "../store/store.ts";
import { executedOf, failureOf, isLost } from "./job_end.ts";
import {
  abandon,
  jobFiles,
  jobFolders,
  keyOfJob,
  makeJobFolder,
  readAction,
  readEnd,
  readJobId,
  writeJobId,
} from "./job_folder.ts";
import { jobFlags } from "./job_flags.ts";
import { livingJobIn, openQueue } from "./job_queue.ts";
import { jobScript } from "./job_script.ts";
import { requireSharedFiles } from "./shared_files.ts";
import { canceller, type ListedJob, listJobs, submit } from "./slurm_commands.ts";

/** What the executor has to know beside the actions. */
export interface SlurmOptions {
  readonly site: SlurmSite;
  /** The path of the program that a job runs, which is given the path of its folder. */
  readonly program: string;
  /** Returns the memory that an instance is likely to hold at most; undefined where that isn't known. */
  memoryOf(instance: string): number | undefined;
}

const mostSubmissions = 4; // of one action whose nodes fail
const mostTries = 8; // of one submission while Slurm can't be reached
const [firstTryMs, longestTryMs] = [2_000, 60_000];

/**
 * Opens the executor.
 *
 * @throws {InputError} where Slurm's commands aren't there or don't answer, and where the store's file system
 *   isn't one for jobs
 */
export async function slurmExecutor(store: Store, options: SlurmOptions): Promise<Executor> {
  const { site } = options;
  const { root } = store;
  requireSharedFiles(root);
  const name = `calibrant-${digestOf(root).slice(0, 8)}`;
  const found = await listJobs(name);
  if (!found) throw silence();
  removeStaleFolders(root, found);
  const queue = openQueue(name);
  const cancelSoon = canceller();

  function stage(key: ActionKey): Staging {
    const [before, ...others] = jobFolders(root, key).filter((folder) => {
      const isUnderWay = readAction(folder)?.key === key &&
        (readEnd(folder) !== undefined || jobIdOf(folder) !== undefined);
      if (!isUnderWay) abandon(root, folder); // what is there was never submitted
      return isUnderWay;
    });
    others.forEach((folder) => abandon(root, folder));
    const folder = before ?? makeJobFolder(root, key);
    return {
      folder,
      underWay: before === undefined ? undefined : readAction(before),
      clear: () => abandon(root, folder),
    };
  }

  /**
   * Returns the id of the job that was submitted in a folder. A process that was killed right after the
   * submission hasn't noted it; then Slurm's list tells.
   */
  const jobIdOf = (folder: string) => readJobId(folder) ?? livingJobIn(folder, found);

  /** Submits an action's job, again and again while Slurm can't be reached. Returns its id, or the refusal. */
  async function submitted(action: ActionFile, { staging: folder, signal }: Execution) {
    const flags = jobFlags(action, site, { name, folder, bytes: options.memoryOf(action.instance) });
    const script = jobScript(action, options.program, folder);
    for (let tries = 1;; tries++) {
      const answer = await submit(flags, script);
      if (answer.kind === "taken") return { id: answer.id };
      if (answer.kind === "refused" || tries === mostTries || signal.aborted) {
        return { refused: `Slurm refused its job: ${answer.message}` };
      }
      await pause(Math.min(longestTryMs, firstTryMs * 2 ** tries), signal);
      const id = livingJobIn(folder, await listJobs(name)); // it may have been taken all the same
      if (id !== undefined) return { id };
    }
  }

  async function execute(execution: Execution): Promise<Executed> {
    const { staging: folder, signal, onProgress } = execution;
    const action = readAction(folder) ?? writeAction(root, folder, execution.action);
    let id = jobIdOf(folder);
    for (let submissions = 0;;) {
      const ended = readEnd(folder);
      if (ended) {
        if (id !== undefined && submissions > 1) await cancelSoon(id); // an earlier one came to its end after all
        if (ended.end.outcome.kind === "done" && action.lock !== undefined) remove(action.lock);
        return executedOf(ended, id);
      }
      if (id === undefined) {
        if (signal.aborted) return { kind: "stopped" };
        const answer = await submitted(action, execution);
        if (answer.id === undefined) return signal.aborted ? { kind: "stopped" } : failed(answer.refused);
        id = answer.id;
        submissions++;
        writeJobId(folder, id);
      }
      const end = await queue.follow({ id, folder, onProgress }, signal);
      if (!end) return await stop(id, execution);
      if (end.kind === "ended") continue;
      if (end.kind === "hopeless") await cancelSoon(id);
      if (!isLost(end) || submissions >= mostSubmissions) return failureOf(end, id, folder, action.log);
      id = undefined;
      remove(jobFiles.id(folder));
    }
  }

  async function stop(id: string | undefined, { action, signal }: Execution): Promise<Executed> {
    if (signal.reason === leaving) return { kind: "left", job: `Slurm's job ${id}` };
    if (id !== undefined) await cancelSoon(id);
    Deno.mkdirSync(dirname(action.log), { recursive: true });
    Deno.writeTextFileSync(action.log, `${stoppedLine}\n`, { append: true });
    return { kind: "stopped" };
  }

  return {
    places: site.maxJobs,
    elsewhere: queue.size,
    stage,
    execute,
  };
}

/** Writes down what the job's node has to know. */
function writeAction(root: string, folder: string, action: ActionFile): ActionFile {
  const written = { ...action, lock: join(root, "checkpoints", `${action.key}.lock`) };
  Deno.mkdirSync(dirname(written.lock), { recursive: true });
  Deno.writeTextFileSync(written.lock, "");
  writeAtomically(jobFiles.action(folder), `${JSON.stringify(written, null, 2)}\n`);
  return written;
}

/** Removes the folders of jobs that have gone without a word, unless another run is at them. */
function removeStaleFolders(root: string, listed: ReadonlyMap<string, ListedJob>): void {
  for (const folder of jobFolders(root)) {
    const key = keyOfJob(folder);
    if (key === undefined) continue;
    using lock = tryLockAction(root, key);
    const id = readJobId(folder) ?? livingJobIn(folder, listed);
    const isOfUse = readEnd(folder) !== undefined || (id !== undefined && listed.has(id));
    if (lock && !isOfUse) abandon(root, folder);
  }
}

/** Waits, unless the signal fires. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

function failed(reason: string): Executed {
  return { kind: "failed", reason, lastLines: [] };
}

function silence(): InputError {
  return new InputError({
    found: "a Slurm that doesn't answer squeue",
    expected: "one to give stages to",
    fix: "Try `squeue`: it says what is wrong. Or run with --executor local.",
  });
}
