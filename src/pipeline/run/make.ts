/**
 * The result of an instance is made under its action's lock, by one attempt, or by several where it may be
 * tried again.
 */

import { join, relative } from "node:path";
import type { Instance } from "../graph/instance.ts";
import type { Action } from "../plan/plan.ts";
import { type Attempt, attempt } from "../process/attempt.ts";
import { tellAfterMs, tryLockAction } from "../store/locks.ts";
import { logPath } from "../store/logs.ts";
import { makeProfileFolder, profileSummary } from "../store/profile.ts";
import { notePipelineFile } from "../store/results.ts";
import { namesIn } from "../store/store.ts";
import { checkpointOf } from "./checkpoint.ts";
import { currentAction, type CurrentRun, finish, takeResult } from "./current_run.ts";
import { type Ending, endOf } from "./events.ts";
import { keep } from "./keep.ts";

/**
 * Makes an instance's result, or takes it where it has been made since it was looked for.
 *
 * @returns whether the instance is up to date then; undefined where another process, or another instance that
 *   does the same, is making it
 */
export function make(run: CurrentRun, instance: Instance): Promise<boolean> | undefined {
  const { plan: { store }, options: { report }, stopped } = run;
  if (stopped.aborted) {
    report({ type: "stopped", instance: instance.name });
    return Promise.resolve(false);
  }
  const action = currentAction(run, instance);
  const lock = tryLockAction(store.root, action.key);
  if (!lock) return tellWaiting(run, instance);
  return makeLocked(run, instance, action).finally(() => lock[Symbol.dispose]());
}

/** Reports, once, an instance that has waited for more than a moment. */
function tellWaiting({ waitingSince, options: { report } }: CurrentRun, { name }: Instance): undefined {
  const now = performance.now();
  const since = waitingSince.get(name) ?? now;
  const isLong = now - since >= tellAfterMs;
  if (isLong) report({ type: "waiting", instance: name });
  waitingSince.set(name, isLong ? Infinity : since);
}

async function makeLocked(run: CurrentRun, instance: Instance, action: Action): Promise<boolean> {
  const { options: { report, forced }, made } = run;
  const { name, retries } = instance;
  const isForced = forced.has(name);
  // Another process may have made it since it was looked for.
  if ((!isForced || made.has(action.key)) && takeResult(run, instance, action.key)) return true;
  if (!isForced && await fetchResult(run, instance, action)) return true;
  if (run.stopped.aborted) {
    report({ type: "stopped", instance: name });
    return false;
  }
  report({ type: "started", instance: name });
  let ending = await makeOnce(run, instance, action, { afresh: isForced });
  for (let tried = 1; ending.kind === "failed" && tried <= retries; tried++) {
    report({ type: "retrying", instance: name, failure: ending, left: retries - tried });
    const heading = `attempt ${tried + 1} of ${retries + 1}; the one before failed: ${ending.reason}`;
    ending = await makeOnce(run, instance, action, { afresh: false, heading });
  }
  if (ending.kind === "done") {
    made.add(action.key);
    finish(run, name, ending.record);
    if (instance.cache) run.remote?.put(ending.record);
  }
  report(endOf(name, ending));
  return ending.kind === "done";
}

/** Takes the result from the remote cache, and returns whether that has one. */
async function fetchResult(run: CurrentRun, instance: Instance, action: Action): Promise<boolean> {
  const fetched = await run.remote?.fetch(instance, action);
  return fetched !== undefined && takeResult(run, instance, action.key, fetched);
}

interface AttemptOptions {
  /** Whether to forget what an interrupted attempt has left. */
  readonly afresh: boolean;
  /** The line that tells this attempt from those before it in the log; undefined for the first. */
  readonly heading?: string;
}

/** Makes one attempt, and clears away what it leaves that isn't of use any more. */
async function makeOnce(
  run: CurrentRun,
  instance: Instance,
  action: Action,
  { afresh, heading }: AttemptOptions,
): Promise<Ending> {
  const { plan: { store }, options, results, stopped } = run;
  const { executor } = options;
  const { name, description } = instance;
  const isProfiled = options.profile && options.forced.has(name);
  const mayStayWarm = description.warm && executor.places === undefined && action.code.late.length === 0;
  const warm = mayStayWarm && !isProfiled ? run.warm.take(instance, action) : undefined;
  const staging = executor.stage(action.key, warm?.work);
  const { underWay } = staging;
  const checkpoint = warm ? undefined : checkpointOf(store, action);
  const log = logPath(store, name, action.key);
  let isLeft = false;
  try {
    notePipelineFile(store); // before there is a log or a checkpoint
    if (afresh && !underWay) checkpoint?.remove();
    const goesOn = checkpoint !== undefined && namesIn(checkpoint.folder).length > 0;
    const ending = await attemptAndKeep(run, {
      instance,
      action,
      results,
      snapshots: run.snapshots,
      executor,
      staging,
      checkpoint: checkpoint?.folder ?? join(staging.folder, "checkpoint"),
      profile: underWay ? underWay.profile : isProfiled ? makeProfileFolder(store, name) : undefined,
      warm,
      log,
      heading: heading ?? (goesOn ? "goes on from the checkpoint of the run before" : undefined),
      signal: stopped,
      onProgress: (progress) => options.report({ type: "progress", instance: name, progress }),
      onWait: () => options.report({ type: "waiting", instance: name }),
    });
    if (ending.kind === "done") checkpoint?.remove();
    isLeft = ending.kind === "left";
    return ending;
  } catch (error) {
    const reason = `its result can't be kept (${error instanceof Error ? error.message : error})`;
    return { kind: "failed", reason, lastLines: [], log };
  } finally {
    if (!isLeft) {
      staging.clear();
      checkpoint?.removeIfEmpty();
    }
    if (warm) await run.warm.giveBack(warm);
  }
}

/**
 * Makes the attempt, and keeps what it made. Of an attempt that fails or is stopped nothing is kept but the
 * log.
 */
async function attemptAndKeep(run: CurrentRun, options: Attempt): Promise<Ending> {
  const { instance, action, checkpoint, profile, log } = options;
  const isWhole = namesIn(checkpoint).length === 0 && profile === undefined;
  const started = new Date();
  const stopwatch = performance.now(); // which can't be set back, unlike the clock
  const outcome = await attempt(run.plan, options);
  if (outcome.kind === "stopped" || outcome.kind === "left") return outcome;
  if (outcome.kind === "failed") return { ...outcome, log };
  if (outcome.kind === "changed" || currentAction(run, instance).key !== action.key) {
    const reason = "its code or its inputs changed while it ran, so its result isn't kept: run it again";
    return { kind: "failed", reason, lastLines: [], log };
  }
  const span = outcome.span ?? {
    started: started.toISOString(),
    ended: new Date(started.getTime() + performance.now() - stopwatch).toISOString(),
    isWhole,
  };
  const record = keep(run, instance, action, outcome, {
    started: span.started,
    ended: span.ended,
    ...(span.isWhole ? { cost: { amount: instance.work?.amount, peakBytes: outcome.peakBytes } } : {}),
    log: relative(run.plan.store.root, log),
  });
  const profileLines = profile === undefined ? [] : profileSummary(profile);
  return { kind: "done", record, summary: [...outcome.summary, ...profileLines] };
}
