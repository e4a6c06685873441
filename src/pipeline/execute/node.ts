/**
 * What a job does on its node: it runs the action in its folder, and says there how far it is and how it
 * ended. It reads no pipeline and publishes nothing.
 */

import { join } from "node:path";
import type { ActionFile } from "../process/action_file.ts";
import type { Progress } from "../process/conversation.ts";
import { type Executed, executeHere } from "../process/execution.ts";
import { watchCode } from "../process/watched_code.ts";
import { ifThere, statIfThere, writeAtomically } from "../store/atomic.ts";
import { digestOfFile } from "../store/digest.ts";
import { namesIn } from "../store/store.ts";
import { currentRun, jobFiles, readAction, type RunEnd } from "./job_folder.ts";

const progressMs = 1000; // between two notes of how far the stage is
const currentCheckMs = 2000;

/** Where a job runs. */
export interface Node {
  /** The job's name in messages, and the node's. */
  readonly job: string;
  readonly name: string;
  /** Returns what may change a native stage's results on this machine. */
  facts(root: string): Readonly<Record<string, string>>;
}

/**
 * Runs the action in a job's folder, and leaves there how it ended. Where the stage's process was ended from
 * outside it leaves nothing: Slurm ends a job's processes one after the other, at its time limit, for another
 * job or for its memory, and the job's state says why.
 *
 * @returns `absent` where there is no action to run, or the engine doesn't wait for it any more
 */
export async function runJob(folder: string, node: Node): Promise<"ended" | "absent" | "killed"> {
  const action = readAction(folder);
  if (!action) return "absent";
  const runs = namesIn(join(folder, "runs")).length;
  const name = crypto.randomUUID();
  const run = jobFiles.run(folder, name);
  Deno.mkdirSync(run, { recursive: true });
  writeAtomically(jobFiles.current(folder), name);
  const isWhole = namesIn(action.checkpoint).length === 0 && action.profile === undefined;
  const started = new Date();
  const stopwatch = performance.now();
  const heading = runs === 0
    ? action.heading
    : `run ${runs + 1} of ${node.job}, since the one before was ended`;
  const executed = await executeOn(node, { ...action, heading }, run, superseded(folder, name));
  const signal = executed.kind === "failed" ? executed.signal : undefined;
  if (signal === "SIGTERM" || signal === "SIGKILL") return "killed";
  const outcome = outcomeOf(executed);
  const ended = new Date(started.getTime() + performance.now() - stopwatch);
  if (!statIfThere(run)) return "absent"; // the engine has given the job up meanwhile
  const end: RunEnd = { outcome, started: started.toISOString(), ended: ended.toISOString(), isWhole };
  writeAtomically(jobFiles.end(run), `${JSON.stringify(end)}\n`);
  return "ended";
}

async function executeOn(
  node: Node,
  action: ActionFile,
  run: string,
  signal: AbortSignal,
): Promise<Executed> {
  const isUntouched = watchCode(Object.keys(action.code));
  const difference = differenceOf(node, action);
  if (difference !== undefined) return { kind: "failed", reason: difference, lastLines: [] };
  const isAsPlanned = Object.entries(action.code).every(([file, digest]) =>
    ifThere(() => digestOfFile(file)) === digest
  );
  if (!isAsPlanned) return { kind: "changed" };
  let notedAt = -Infinity;
  const onProgress = (progress: Progress) => {
    if (performance.now() - notedAt < progressMs || !statIfThere(run)) return;
    notedAt = performance.now();
    writeAtomically(jobFiles.progress(run), JSON.stringify(progress));
  };
  return await executeHere({
    action,
    staging: run,
    isUntouched,
    signal,
    onProgress,
    onWait: () => onProgress({ type: "progress", done: 0, total: 1, text: waitingText, heldBytes: 0 }),
  });
}

const waitingText = "waits for a run before, which still works at the same action";

/** Says in what this machine differs from the one whose facts are in the action's key. */
function differenceOf(node: Node, { environment, root, permissions }: ActionFile): string | undefined {
  const here = { ...(permissions.native ? node.facts(root) : {}), deno: Deno.version.deno };
  const found = Object.entries<string | undefined>(here).find(([name, fact]) => environment[name] !== fact);
  if (!found) return undefined;
  const [name, fact] = found;
  return `the node ${node.name} isn't like the machine that planned this: its ${name} is ${fact}, where the key ` +
    `has ${environment[name]}. Start the run on a machine that is like the nodes, or choose such nodes by ` +
    "`flags`, as in --constraint";
}

/** Returns a signal that fires when another run of the job has started, since this one counts no more then. */
function superseded(folder: string, name: string): AbortSignal {
  const controller = new AbortController();
  const timer = setInterval(() => {
    const current = currentRun(folder);
    if (current !== undefined && current !== name) controller.abort();
  }, currentCheckMs);
  Deno.unrefTimer(timer);
  return controller.signal;
}

function outcomeOf(executed: Executed): RunEnd["outcome"] {
  if (executed.kind === "done") {
    return { kind: "done", summary: [...executed.summary], peakBytes: executed.peakBytes };
  }
  if (executed.kind === "failed") {
    return { kind: "failed", reason: executed.reason, lastLines: [...executed.lastLines] };
  }
  return { kind: executed.kind === "changed" ? "changed" : "stopped" };
}
