/** Performs one action: stages its inputs, runs the stage, checks and keeps what it made. */

import type { KeyObject } from "node:crypto";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { remove, removeIfEmpty } from "./atomic.ts";
import type { Claims } from "./claims.ts";
import { stageCode } from "./code.ts";
import { canonicalJson, digestOfFile } from "./digest.ts";
import { folderListings } from "./files.ts";
import { digestOfTree } from "./tree.ts";
import { execute, type Outcome, type Progress } from "./execute.ts";
import type { Instance } from "./graph.ts";
import { whileShared } from "./lock.ts";
import { logPath } from "./logs.ts";
import { type Action, actionOf, type Plan, type Surroundings } from "./plan.ts";
import { makeProfileFolder, profileSummary } from "./profile.ts";
import { signAction } from "./provenance/signatures.ts";
import type { ActionRecord } from "./record.ts";
import { sandboxEnvironment, sandboxFlags } from "./sandbox.ts";
import { stageInputs } from "./stage_inputs.ts";
import { startProcess } from "./stage_process.ts";
import { checkpointPath, makeStaging, storeFolder, storeText, writeRecord } from "./store.ts";
import type { WarmPlace, WarmPlaces } from "./warm.ts";

export type Performed =
  | { readonly kind: "done"; readonly record: ActionRecord; readonly summary: readonly string[] }
  | { readonly kind: "stopped" }
  | {
    readonly kind: "failed";
    readonly reason: string;
    /** Of the log, where they say more than the reason. */
    readonly lastLines: readonly string[];
    readonly log: string;
  };

export interface Hooks {
  readonly signal: AbortSignal;
  readonly privateKey: KeyObject | undefined;
  readonly claims: Claims;
  /** Whether to forget what an interrupted attempt has left. */
  readonly afresh: boolean;
  /** Whether to have a profile written. */
  readonly profiled: boolean;
  /** Says in the log, where this isn't the first attempt, which it is. */
  readonly heading?: string;
  readonly warm: WarmPlaces;
  onProgress(progress: Progress): void;
}

type Results = ReadonlyMap<string, ActionRecord>;

/** Nothing is kept of an action that fails or is stopped, but its log. */
export async function perform(
  plan: Plan,
  surroundings: Surroundings,
  instance: Instance,
  action: Action,
  results: Results,
  hooks: Hooks,
): Promise<Performed> {
  const log = logPath(plan.store, instance.name, action.key);
  const warm = instance.definition.warm && !hooks.profiled ? hooks.warm.take(instance, action) : undefined;
  const staging = makeStaging(plan.store, warm?.folder);
  const checkpoint = warm ? join(staging, "checkpoint") : checkpointPath(plan.store, action.key);
  const failed = (reason: string, lastLines: readonly string[] = []): Performed => ({
    kind: "failed",
    reason,
    lastLines,
    log,
  });
  try {
    if (hooks.afresh) remove(checkpoint);
    const started = new Date();
    const stopwatch = performance.now(); // which no one sets back
    const profile = hooks.profiled ? makeProfileFolder(plan.store, instance.name) : undefined;
    const places = { staging, checkpoint, log, profile };
    const { outcome, asPlanned } = await runStage(places, plan, instance, action, results, hooks, warm);
    if (outcome.kind === "stopped") return outcome;
    if (outcome.kind === "failed") return failed(outcome.reason, outcome.lastLines);
    if (!asPlanned || actionOf(plan, surroundings, instance, results).key !== action.key) {
      return failed("its code or its inputs changed while it ran, so its result isn't kept: run it again");
    }
    const wrong = outputMistake(instance, join(staging, "output"));
    if (wrong) return failed(wrong);
    const how = {
      started: started.toISOString(),
      ended: new Date(started.getTime() + performance.now() - stopwatch).toISOString(),
      log: relative(plan.store.root, log),
    };
    const record = whileShared(plan.store.root, () => {
      const record = keep(plan, instance, action, join(staging, "output"), how);
      hooks.claims.add(record);
      if (hooks.privateKey) signAction(plan.store, record, hooks.privateKey);
      return record;
    });
    remove(checkpoint);
    const summary = [...outcome.summary, ...(profile ? profileSummary(profile) : [])];
    return { kind: "done", record, summary };
  } catch (error) {
    return failed(`its result can't be kept (${error instanceof Error ? error.message : error})`);
  } finally {
    remove(staging);
    removeIfEmpty(checkpoint);
    if (warm) await hooks.warm.giveBack(warm);
  }
}

/** Where an attempt at an action leaves what. */
interface Places {
  /** `output` in it is what the stage makes. */
  readonly staging: string;
  readonly checkpoint: string;
  readonly log: string;
  readonly profile?: string;
}

/** Runs an action's stage, and tells whether its process loaded what the key stands for. Keeps nothing. */
export async function runStage(
  { staging, checkpoint, log, profile }: Places,
  { root, store, native }: Plan,
  instance: Instance,
  action: Action,
  results: Results,
  { signal, heading, onProgress }: Pick<Hooks, "signal" | "heading" | "onProgress">,
  warm?: WarmPlace,
): Promise<{ readonly outcome: Outcome; readonly asPlanned: boolean }> {
  const [output, scratch] = ["output", "scratch"].map((name) => join(staging, name));
  [output, scratch].forEach((folder) => Deno.mkdirSync(folder));
  Deno.mkdirSync(checkpoint, { recursive: true });
  const inputs = stageInputs(store, instance, results, join(staging, "inputs"));
  const { timeout } = instance;
  const limit = timeout === undefined ? undefined : AbortSignal.timeout(milliseconds(timeout));
  const readable = Object.values(inputs).flatMap((variants) => Object.values(variants));
  const permissions = instance.definition.native ? native.permissions : undefined;
  const process = warm?.process ?? startProcess({
    root,
    flags: sandboxFlags(root, {
      read: [...readable, ...action.code.files],
      write: warm ? [warm.folder] : [output, scratch, checkpoint, ...(profile ? [profile] : [])],
      native: permissions,
      network: instance.network,
    }),
    environment: sandboxEnvironment(warm?.folder ?? scratch, permissions),
  });
  // Whether the process loaded the code, and read the parameters, that the key stands for.
  let asPlanned = Promise.resolve(false);
  const outcome = await execute(process, {
    request: {
      module: pathToFileURL(instance.module).href,
      parameters: instance.written,
      inputs,
      output,
      scratch,
      checkpoint,
      threads: action.threads,
      profile,
      parent: Deno.pid,
    },
    keep: warm !== undefined,
    log,
    heading,
    signal: limit ? AbortSignal.any([signal, limit]) : signal,
    onLoaded(parameters) {
      const sameParameters = parameters === canonicalJson(action.preImage.parameters);
      // A process that is used again has loaded this code before.
      const code = warm?.process
        ? Promise.resolve(action.code)
        : stageCode(instance.module, root, store.cache);
      asPlanned = code.then(({ digest }) => sameParameters && digest === action.code.digest, () => false);
    },
    onProgress,
  });
  if (warm) {
    warm.process = outcome.kind === "done" && await asPlanned ? process : undefined;
    if (!warm.process) await process.end();
  }
  if (outcome.kind === "stopped" && limit?.aborted && !signal.aborted) {
    const reason = `it was ended after ${timeout}, its timeout`;
    return { outcome: { kind: "failed", reason, lastLines: [] }, asPlanned: false };
  }
  return { outcome, asPlanned: await asPlanned };
}

/** Of a time such as 90s, 30m or 2h. */
function milliseconds(time: string): number {
  const unit = time.endsWith("h") ? 3_600_000 : time.endsWith("m") ? 60_000 : 1000;
  return parseInt(time) * unit;
}

/** What is wrong with what a stage wrote: exactly its declared outputs are to be there. */
export function outputMistake({ definition }: Instance, output: string): string | undefined {
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

function keep(
  { root, store }: Plan,
  instance: Instance,
  { key, preImage, code, origins }: Action,
  output: string,
  how: Pick<ActionRecord, "started" | "ended" | "log">,
): ActionRecord {
  storeText(store, code.manifest);
  folderListings(instance.inputs.values(), store.cache).forEach((listing) => storeText(store, listing));
  const files = storeFolder(store, output);
  const record: ActionRecord = {
    key,
    preImage,
    instance: instance.name,
    module: relative(root, instance.module),
    inputs: origins,
    tree: digestOfTree(files),
    files,
    sources: Object.fromEntries(code.files.map((file) => [relative(root, file), digestOfFile(file)])),
    native: instance.definition.native ?? false,
    ...how,
  };
  writeRecord(store, record);
  return record;
}
