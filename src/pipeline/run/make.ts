/** Performs one action: runs its stage, checks and keeps what that made. */

import type { KeyObject } from "node:crypto";
import { join, relative } from "node:path";
import type { Instance } from "../graph/instance.ts";
import { type Action, actionOf, type Plan, type Surroundings } from "../plan/plan.ts";
import { userFolderListings } from "../plan/user_files.ts";
import type { Progress } from "../process/conversation.ts";
import { outputMistake, runStage } from "../process/attempt.ts";
import type { WarmPlaces } from "../process/warm.ts";
import { signAction } from "../provenance/signatures.ts";
import { remove, removeIfEmpty } from "../store/atomic.ts";
import { digestOfFile } from "../store/digest.ts";
import { whileShared } from "../store/locks.ts";
import { logPath } from "../store/logs.ts";
import { makeProfileFolder, profileSummary } from "../store/profile.ts";
import type { ActionRecord } from "../store/record.ts";
import type { RunClaims } from "../store/run_claims.ts";
import { checkpointPath, makeStaging, storeFolder, storeText, writeRecord } from "../store/store.ts";
import { digestOfTree } from "../store/tree.ts";

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
  readonly claims: RunClaims;
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

function keep(
  { root, store }: Plan,
  instance: Instance,
  { key, preImage, code, origins }: Action,
  output: string,
  how: Pick<ActionRecord, "started" | "ended" | "log">,
): ActionRecord {
  storeText(store, code.manifest);
  userFolderListings(instance.inputs.values(), store.cache).forEach((listing) => storeText(store, listing));
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
