/** An attempt at an action lays out its inputs and has one process run its stage. */

import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { millisecondsOf } from "../file/timeout.ts";
import type { Instance } from "../graph/instance.ts";
import { stageCode } from "../plan/code.ts";
import type { Results } from "../plan/key.ts";
import type { Action, Plan } from "../plan/plan.ts";
import { canonicalJson } from "../store/digest.ts";
import { alarmAfter } from "./alarm.ts";
import { type Conversation, converse, type Outcome } from "./conversation.ts";
import { sandboxEnvironment, sandboxFlags } from "./sandbox.ts";
import { stageInputs } from "./stage_inputs.ts";
import { endProcess, type StageProcess, startProcess } from "./stage_process.ts";
import type { WarmPlace } from "./warm.ts";

/** What an attempt needs to know. */
export interface Attempt extends Pick<Conversation, "log" | "heading" | "signal" | "onProgress" | "onWait"> {
  readonly instance: Instance;
  readonly action: Action;
  /** The records of the instances that this one follows. */
  readonly results: Results;
  /** An empty folder for the stage's inputs, its output and its scratch folder. */
  readonly staging: string;
  readonly checkpoint: string;
  /** The folder for the stage's profile; undefined where none is asked for. */
  readonly profile: string | undefined;
  /**
   * The place of a process that may be used again: it has one from an attempt before, or keeps this
   * attempt's. Undefined where the attempt's process is its own.
   */
  readonly warm: WarmPlace | undefined;
}

export type AttemptOutcome =
  /** `output` is the folder with what the stage made, which are exactly the outputs that it declares. */
  | { readonly kind: "done"; readonly output: string; readonly summary: readonly string[] }
  /** The process loaded other code, or read other parameters, than the action's key stands for. */
  | { readonly kind: "changed" }
  | Exclude<Outcome, { kind: "done" }>;

/** Runs an action's stage in one process. Nothing of it is kept here but the log. */
export async function attempt(plan: Plan, options: Attempt): Promise<AttemptOutcome> {
  const { instance, action, staging, checkpoint, warm, signal } = options;
  const folders = {
    inputs: join(staging, "inputs"),
    output: join(staging, "output"),
    scratch: join(staging, "scratch"),
  };
  [folders.output, folders.scratch].forEach((folder) => Deno.mkdirSync(folder));
  Deno.mkdirSync(checkpoint, { recursive: true });
  const inputs = stageInputs(plan.store, instance, options.results, folders.inputs);
  const timeout = instance.timeout === undefined ? undefined : alarmAfter(millisecondsOf(instance.timeout));
  const process = warm?.process ?? startStageProcess(plan, options, folders);
  let asPlanned = Promise.resolve(false); // until the process has loaded the stage
  const outcome = await converse(process, {
    request: {
      nonce: crypto.randomUUID(),
      module: pathToFileURL(instance.module).href,
      parameters: instance.written,
      inputs,
      output: folders.output,
      scratch: folders.scratch,
      checkpoint,
      threads: action.threads,
      profile: options.profile,
      next: warm && join(warm.folder, "next-request"),
      parent: Deno.pid,
    },
    log: options.log,
    heading: options.heading,
    signal: timeout ? AbortSignal.any([signal, timeout]) : signal,
    onLoaded(parameters) {
      asPlanned = isAsPlanned(plan, options, parameters);
    },
    onProgress: options.onProgress,
    onWait: options.onWait,
  });
  if (warm) {
    warm.process = outcome.kind === "done" && await asPlanned ? process : undefined;
    if (!warm.process) await endProcess(process);
  }
  if (outcome.kind === "stopped" && timeout?.aborted && !signal.aborted) {
    return failed(`it was ended after ${instance.timeout}, its timeout`);
  }
  if (outcome.kind !== "done") return outcome;
  if (!await asPlanned) return { kind: "changed" };
  const mistake = outputMistake(instance, folders.output);
  return mistake === undefined ? { ...outcome, output: folders.output } : failed(mistake);
}

interface Folders {
  readonly inputs: string;
  readonly output: string;
  readonly scratch: string;
}

function startStageProcess(
  { root, native }: Plan,
  { instance, action, checkpoint, profile, warm }: Attempt,
  { inputs, output, scratch }: Folders,
): StageProcess {
  // What other stages made is laid out in one folder, so that no flag holds a variant's name, which may have
  // commas. Files of the user are read where they are.
  const ofUser = [...instance.inputs.values()].flatMap((source) =>
    source.kind === "userFiles" ? source.file : []
  );
  // The folder above the profile's is allowed instead, since the profile's own may be named by a variant.
  const own = [output, scratch, checkpoint, ...(profile === undefined ? [] : [dirname(profile)])];
  const permissions = instance.definition.native ? native.permissions : undefined;
  return startProcess({
    root,
    flags: sandboxFlags(root, {
      read: [inputs, ...ofUser, ...action.code.files],
      write: warm ? [warm.folder] : own,
      native: permissions,
      network: instance.network,
    }),
    environment: sandboxEnvironment(warm?.folder ?? scratch, permissions),
  });
}

/** Says whether the process loaded the code, and read the parameters, that the action's key stands for. */
async function isAsPlanned(
  plan: Plan,
  { instance, action, warm }: Attempt,
  parameters: string,
): Promise<boolean> {
  if (parameters !== canonicalJson(action.preImage.parameters)) return false;
  if (warm?.process) return true; // it loaded this code for an action before
  try {
    const { digest } = await stageCode(instance.module, plan.root, plan.store.cache);
    return digest === action.code.digest;
  } catch {
    return false; // the code can no longer be loaded
  }
}

function failed(reason: string): AttemptOutcome {
  return { kind: "failed", reason, lastLines: [] };
}

/** Says what is wrong where a stage didn't write exactly the outputs that it declares. */
function outputMistake({ definition }: Instance, output: string): string | undefined {
  const declared = Object.keys(definition.outputs);
  const written = [...Deno.readDirSync(output)].map(({ name }) => name).sort();
  const missing = declared.filter((name) => !written.includes(name));
  const undeclared = written.filter((name) => !declared.includes(name));
  if (missing.length > 0) return `it declares the output ${missing.join(", ")}, but didn't write it`;
  if (undeclared.length > 0) {
    return `it wrote ${undeclared.join(", ")}, which it doesn't declare as an output`;
  }
  return undefined;
}
