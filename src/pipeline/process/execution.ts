/** An execution runs an action's stage in one process of this machine, from what its action file says. */

import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { millisecondsOf } from "../file/timeout.ts";
import { remove } from "../store/atomic.ts";
import { mapParts } from "../store/input_parts.ts";
import type { ActionFile } from "./action_file.ts";
import { alarmAfter } from "./alarm.ts";
import { type Conversation, converse, type Outcome } from "./conversation.ts";
import { makeDenoDir } from "./deno_dir.ts";
import { sandboxEnvironment, sandboxFlags } from "./sandbox.ts";
import { endProcess, type StageProcess, startProcess } from "./stage_process.ts";
import type { WarmPlace } from "./warm.ts";

/** How to run an action's stage here. */
export interface Execution extends Pick<Conversation, "signal" | "onProgress" | "onWait"> {
  readonly action: ActionFile;
  /** The folder for the stage's output and its scratch folder, which has neither yet. */
  readonly staging: string;
  /** Says whether none of these files of the stage's code was written to since the attempt began. */
  isUntouched(files: readonly string[]): boolean;
  /** The place of a process that may be used again; undefined where the attempt's process is its own. */
  readonly warm?: WarmPlace | undefined;
}

/** How an action's stage ended. */
export type Executed =
  | Extract<Outcome, { kind: "done" }> & {
    /** The folder with what the stage made. */
    readonly output: string;
    /** When it ran, where it hasn't run all the time that it was waited for. */
    readonly span?: Span | undefined;
  }
  /** The process loaded other code, or read other parameters, than the action's key stands for. */
  | { readonly kind: "changed" }
  /** It goes on without this process, under this name. */
  | { readonly kind: "left"; readonly job: string }
  | Exclude<Outcome, { kind: "done" }>;

export interface Span {
  /** Both in ISO 8601. */
  readonly started: string;
  readonly ended: string;
  /** Whether it began without anything in its checkpoint. */
  readonly isWhole: boolean;
}

/** Runs an action's stage in one process. Nothing of it is kept here but the log. */
export async function executeHere(execution: Execution): Promise<Executed> {
  const { action, staging, warm, signal, isUntouched } = execution;
  const { checkpoint, log, heading } = action;
  const folders = { output: join(staging, "output"), scratch: join(staging, "scratch") };
  [folders.output, folders.scratch].forEach((folder) => Deno.mkdirSync(folder));
  Deno.mkdirSync(checkpoint, { recursive: true });
  const code = Object.keys(action.code);
  const timeout = action.timeout === undefined ? undefined : alarmAfter(millisecondsOf(action.timeout));
  const isLoaded = warm?.process !== undefined; // its process loaded this code for an action before
  const process = warm?.process ?? startStageProcess(execution, folders);
  if (warm) warm.process = undefined; // until this action has gone well
  const changed = new AbortController();
  const outcome = await converse(process, {
    request: {
      nonce: crypto.randomUUID(),
      module: pathToFileURL(action.module).href,
      code: code.filter((file) => !action.late.includes(file)),
      parameters: action.written,
      inputs: pathsOf(action),
      output: folders.output,
      scratch: folders.scratch,
      checkpoint,
      threads: action.threads,
      profile: action.profile,
      lock: action.lock,
      next: warm && join(warm.work, "next-request"),
      parent: Deno.pid,
    },
    log,
    heading,
    signal: AbortSignal.any([signal, changed.signal, ...(timeout ? [timeout] : [])]),
    onLoaded(parameters) {
      const isAsPlanned = parameters === action.parameters && (isLoaded || isUntouched(code));
      if (!isAsPlanned) changed.abort();
    },
    onProgress: execution.onProgress,
    onWait: execution.onWait,
  });
  if (warm && outcome.kind === "done") warm.process = process;
  else if (warm) await endProcess(process);
  if (changed.signal.aborted) {
    remove(checkpoint); // it may have been made by other code than its key says
    return { kind: signal.aborted ? "stopped" : "changed" };
  }
  if (outcome.kind === "stopped" && timeout?.aborted && !signal.aborted) {
    return { kind: "failed", reason: `it was ended after ${action.timeout}, its timeout`, lastLines: [] };
  }
  return endOf(outcome, execution, folders);
}

function endOf(outcome: Outcome, { action, isUntouched }: Execution, { output }: Folders): Executed {
  if (outcome.kind !== "done") return outcome;
  return isUntouched(action.late) ? { ...outcome, output } : { kind: "changed" };
}

/** Returns the path of each input's parts. */
function pathsOf({ inputs }: ActionFile): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, parts]) => [name, mapParts(parts, ({ path }) => path)]),
  );
}

interface Folders {
  readonly output: string;
  readonly scratch: string;
}

function startStageProcess(
  { action, staging, warm }: Execution,
  { output, scratch }: Folders,
): StageProcess {
  const { root, checkpoint, lock, profile, permissions: { native, network, env } } = action;
  // The folder above the profile's is allowed instead, since the profile's own may be named by a variant.
  const own = [
    ...[output, scratch, checkpoint],
    ...(profile === undefined ? [] : [dirname(profile)]),
    ...(lock === undefined ? [] : [lock]),
  ];
  return startProcess({
    root,
    flags: sandboxFlags(root, {
      // Inputs are laid out in one folder, so that no flag holds a name of theirs, which may have commas.
      read: [action.inputFolder, ...Object.keys(action.code)],
      write: warm ? [warm.work] : own,
      native,
      network,
      env,
    }),
    environment: sandboxEnvironment(
      warm?.work ?? scratch,
      makeDenoDir(join(warm?.folder ?? staging, "deno")),
      [...native?.passed ?? [], ...env],
    ),
  });
}
