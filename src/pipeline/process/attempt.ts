/** An attempt at an action lays out its inputs and has one process run its stage. */

import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { millisecondsOf } from "../file/timeout.ts";
import type { Instance } from "../graph/instance.ts";
import { stageCode, stampOf } from "../plan/code.ts";
import type { Action, Plan } from "../plan/plan.ts";
import { remove } from "../store/atomic.ts";
import { canonicalJson, type Digest, digestOfFile } from "../store/digest.ts";
import { type PartsByInput, singlePartOf } from "../store/input_parts.ts";
import { alarmAfter } from "./alarm.ts";
import { type Conversation, converse, type Outcome } from "./conversation.ts";
import { makeDenoDir } from "./deno_dir.ts";
import { sandboxEnvironment, sandboxFlags } from "./sandbox.ts";
import { layInputs, type StageInputs } from "./stage_inputs.ts";
import { endProcess, type StageProcess, startProcess } from "./stage_process.ts";
import type { WarmPlace } from "./warm.ts";

/** What an attempt needs to know. */
export interface Attempt
  extends StageInputs, Pick<Conversation, "log" | "heading" | "signal" | "onProgress" | "onWait"> {
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
  | {
    readonly kind: "done";
    /** The folder with what the stage made, which are exactly the outputs that it declares. */
    readonly output: string;
    readonly summary: readonly string[];
    /** The most memory that its process has held. */
    readonly peakBytes: number;
    /** Each file of the stage's code → its digest when the attempt began. */
    readonly sources: ReadonlyMap<string, Digest>;
  }
  /**
   * Files of the user changed before the stage could read them, or the process loaded other code, or read
   * other parameters, than the action's key stands for.
   */
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
  const code = await watchCode(plan, instance, action);
  const inputs = code.isAsPlanned ? layInputs(plan.store, options, folders.inputs) : undefined;
  if (!inputs) return { kind: "changed" };
  const timeout = instance.timeout === undefined ? undefined : alarmAfter(millisecondsOf(instance.timeout));
  const isLoaded = warm?.process !== undefined; // its process loaded this code for an action before
  const process = warm?.process ?? startStageProcess(plan, options, folders);
  const changed = new AbortController();
  const outcome = await converse(process, {
    request: {
      nonce: crypto.randomUUID(),
      module: pathToFileURL(instance.module).href,
      code: action.code.files.filter((file) => !action.code.late.includes(file)),
      parameters: instance.written,
      inputs,
      output: folders.output,
      scratch: folders.scratch,
      checkpoint,
      threads: action.preImage.threads,
      profile: options.profile,
      next: warm && join(warm.work, "next-request"),
      parent: Deno.pid,
    },
    log: options.log,
    heading: options.heading,
    signal: AbortSignal.any([signal, changed.signal, ...(timeout ? [timeout] : [])]),
    onLoaded(parameters) {
      const isAsPlanned = parameters === canonicalJson(action.preImage.parameters) &&
        (isLoaded || code.isUntouched(action.code.files));
      if (!isAsPlanned) changed.abort();
    },
    onProgress: options.onProgress,
    onWait: options.onWait,
  });
  if (warm) {
    warm.process = outcome.kind === "done" ? process : undefined;
    if (!warm.process) await endProcess(process);
  }
  if (changed.signal.aborted) {
    remove(checkpoint); // it may have been made by other code than its key says
    return { kind: signal.aborted ? "stopped" : "changed" };
  }
  if (outcome.kind === "stopped" && timeout?.aborted && !signal.aborted) {
    return failed(`it was ended after ${instance.timeout}, its timeout`);
  }
  if (outcome.kind === "failed") return withUserPaths(outcome, instance, inputs);
  if (outcome.kind !== "done") return outcome;
  if (!code.isUntouched(action.code.late)) return { kind: "changed" };
  const mistake = outputMistake(instance, folders.output);
  if (mistake !== undefined) return failed(mistake);
  return { ...outcome, output: folders.output, sources: code.sources };
}

interface Folders {
  readonly inputs: string;
  readonly output: string;
  readonly scratch: string;
}

function startStageProcess(
  { root, native }: Plan,
  { instance, action, staging, checkpoint, profile, warm }: Attempt,
  { inputs, output, scratch }: Folders,
): StageProcess {
  // The folder above the profile's is allowed instead, since the profile's own may be named by a variant.
  const own = [output, scratch, checkpoint, ...(profile === undefined ? [] : [dirname(profile)])];
  const permissions = instance.description.native ? native.permissions : undefined;
  return startProcess({
    root,
    flags: sandboxFlags(root, {
      // Inputs are laid out in one folder, so that no flag holds a name of theirs, which may have commas.
      read: [inputs, ...action.code.files],
      write: warm ? [warm.work] : own,
      native: permissions,
      network: instance.network,
      env: instance.env,
    }),
    environment: sandboxEnvironment(
      warm?.work ?? scratch,
      makeDenoDir(join(warm?.folder ?? staging, "deno")),
      [...permissions?.passed ?? [], ...instance.env],
    ),
  });
}

/** Names the user's files, in what a stage says of its failure, instead of the snapshots that it has read. */
function withUserPaths(
  { reason, lastLines, ...outcome }: Extract<Outcome, { kind: "failed" }>,
  instance: Instance,
  inputs: PartsByInput<string>,
): AttemptOutcome {
  const named = (text: string) =>
    [...instance.inputs].reduce((text, [name, source]) => {
      const path = source.kind === "userFiles" ? singlePartOf(inputs[name] ?? {}) : undefined;
      return path === undefined || source.kind !== "userFiles" ? text : text.replaceAll(path, source.file);
    }, text);
  return { ...outcome, reason: named(reason), lastLines: lastLines.map(named) };
}

/** What an attempt can tell of its stage's code. */
interface WatchedCode {
  /** Whether the code, when the attempt began, was what the action's key stands for. */
  readonly isAsPlanned: boolean;
  /** Each of its files → its digest then. */
  readonly sources: ReadonlyMap<string, Digest>;
  /** Says whether none of these files was written to since. */
  isUntouched(files: readonly string[]): boolean;
}

async function watchCode(
  { root, store }: Plan,
  { module }: Instance,
  { code: planned }: Action,
): Promise<WatchedCode> {
  // The stamps are taken first, so that an edit while the code is read shows as well.
  const stamps = new Map(planned.files.map((file) => [file, stampOf(file)]));
  const current = await stageCode(module, root, store.cache).catch(() => undefined); // it may no longer load
  const isAsPlanned = current?.digest === planned.digest;
  return {
    isAsPlanned,
    sources: new Map(isAsPlanned ? planned.files.map((file) => [file, digestOfFile(file)]) : []),
    isUntouched: (files) => files.every((file) => stampOf(file) === stamps.get(file)),
  };
}

function failed(reason: string): AttemptOutcome {
  return { kind: "failed", reason, lastLines: [] };
}

/** Says what is wrong where a stage didn't write exactly the outputs that it declares. */
function outputMistake({ description }: Instance, output: string): string | undefined {
  const declared = Object.keys(description.outputs);
  const written = [...Deno.readDirSync(output)].map(({ name }) => name).sort();
  const missing = declared.filter((name) => !written.includes(name));
  const undeclared = written.filter((name) => !declared.includes(name));
  if (missing.length > 0) return `it declares the output ${missing.join(", ")}, but didn't write it`;
  if (undeclared.length > 0) {
    return `it wrote ${undeclared.join(", ")}, which it doesn't declare as an output`;
  }
  return undefined;
}
