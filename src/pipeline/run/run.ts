/** Brings instances up to date: what is cached is shown, what isn't is run, in processes of their own. */

import type { KeyObject } from "node:crypto";
import { dependenciesOf, type Instance } from "../graph/instance.ts";
import { leftOutMistake } from "../graph/select.ts";
import { type Action, actionOf, type Plan, readSurroundings, type Surroundings } from "../plan/plan.ts";
import { requireUserFiles } from "../plan/user_files.ts";
import { type WarmPlaces, warmPlaces } from "../process/warm.ts";
import type { ActionKey } from "../store/digest.ts";
import { ifAlone, tellAfterMs, tryLockAction, whileShared } from "../store/locks.ts";
import type { ActionRecord } from "../store/record.ts";
import { openRunClaims, type RunClaims } from "../store/run_claims.ts";
import { findResult, removeLeftovers } from "../store/store.ts";
import { removeStaleViews, showResult } from "../store/views.ts";
import { endOf, type RunEvent } from "./events.ts";
import { perform } from "./make.ts";
import { schedule } from "./schedule.ts";

export interface RunOptions {
  /** The instances to bring up to date, with all that they need, in the graph's order. */
  readonly instances: readonly Instance[];
  /** Names of instances to run although their results are cached. */
  readonly forced: ReadonlySet<string>;
  /** Names of the instances that may run; the others have to be cached. */
  readonly mayRun: ReadonlySet<string>;
  /** Whether to go on after a failure with what doesn't depend on it. */
  readonly keepGoing: boolean;
  /** Whether the forced instances write profiles. */
  readonly profile: boolean;
  /** Stops the run: its children are killed, nothing of theirs is kept. */
  readonly signal: AbortSignal;
  /** To sign what it makes, where there is one. */
  readonly privateKey: KeyObject | undefined;
  report(event: RunEvent): void;
}

/**
 * @returns whether all instances are up to date; false after a failure or a stop, which have been reported
 * @throws {InputError} for files that are missing, code that can't be read, and what is to run but may not
 */
export async function run(plan: Plan, options: RunOptions): Promise<boolean> {
  const { store } = plan;
  const { instances, keepGoing, signal, report } = options;
  requireUserFiles(instances);
  ifAlone(store.root, () => removeLeftovers(store));
  using claims = await openRunClaims(store.root, { onWait: () => report({ type: "waiting" }), signal });
  if (!claims) return false;
  removeStaleViews(store, plan.instances.map(({ name }) => name));
  await using warm = warmPlaces(store, plan.capacity.cpu);
  const failFast = new AbortController();
  const run: Run = {
    plan,
    options,
    warm,
    claims,
    surroundings: await readSurroundings(plan, instances),
    stopped: AbortSignal.any([signal, failFast.signal]),
    results: new Map(),
    made: new Set(),
    waitingSince: new Map(),
  };
  const tasks = instances.map((instance) => {
    const { name, resources } = instance;
    return { name, resources, after: dependenciesOf(instance), instance };
  });
  try {
    return await schedule(tasks, plan.capacity, {
      isDone: ({ instance }) => isCached(run, instance),
      run: ({ instance }) => makeAlone(run, instance),
      goesOn: () => keepGoing && !signal.aborted,
      stop: () => failFast.abort(),
    });
  } finally {
    saveMemory(store);
  }
}

/** A run under way. */
interface Run {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly warm: WarmPlaces;
  readonly claims: RunClaims;
  readonly surroundings: Surroundings;
  /** Fires where the run is stopped, from outside or by a failure. */
  readonly stopped: AbortSignal;
  /** The instances that are up to date by now. */
  readonly results: Map<string, ActionRecord>;
  /** What this run has made itself. */
  readonly made: Set<ActionKey>;
  /** When an instance was first found to be made by another process, in milliseconds; Infinity where that has been told. */
  readonly waitingSince: Map<string, number>;
}

function isCached(run: Run, instance: Instance): boolean {
  const { plan, options: { forced, mayRun }, surroundings, results } = run;
  if (forced.has(instance.name)) return false;
  const isThere = takeResult(run, instance, actionOf(plan, surroundings, instance, results).key);
  if (!isThere && !mayRun.has(instance.name)) throw leftOutMistake(instance.name);
  return isThere;
}

/** Takes an action's result, if there is one. */
function takeResult(run: Run, { name }: Instance, key: ActionKey): boolean {
  const { plan: { store }, claims, options: { report } } = run;
  return whileShared(store.root, () => {
    const record = findResult(store, key);
    if (!record) return false;
    claims.add(record);
    finish(run, name, record);
    report({ type: "cached", instance: name, key });
    return true;
  });
}

function finish({ plan, results }: Run, name: string, record: ActionRecord): void {
  results.set(name, record);
  showResult(plan.store, name, record);
}

/** Makes an instance's result, unless another process, or another instance that does the same, is at it: undefined then. */
function makeAlone(run: Run, instance: Instance): Promise<boolean> | undefined {
  const { plan, options: { report }, surroundings, results } = run;
  if (run.stopped.aborted) {
    report({ type: "stopped", instance: instance.name });
    return Promise.resolve(false);
  }
  const action = actionOf(plan, surroundings, instance, results);
  const alone = tryLockAction(plan.store.root, action.key);
  if (!alone) return tellWaiting(run, instance);
  return make(run, instance, action).finally(() => alone[Symbol.dispose]());
}

function tellWaiting({ waitingSince, options: { report } }: Run, { name }: Instance): undefined {
  const now = performance.now();
  const since = waitingSince.get(name) ?? now;
  const isLong = now - since >= tellAfterMs;
  if (isLong) report({ type: "waiting", instance: name });
  waitingSince.set(name, isLong ? Infinity : since);
}

async function make(run: Run, instance: Instance, action: Action): Promise<boolean> {
  const { plan, options, claims, surroundings, stopped, results, made } = run;
  const { name, retries } = instance;
  const { report, privateKey } = options;
  const isForced = options.forced.has(name);
  // Another may have made it since it was looked for.
  if ((!isForced || made.has(action.key)) && takeResult(run, instance, action.key)) return true;
  report({ type: "started", instance: name });
  const attempt = (afresh: boolean, heading?: string) =>
    perform(plan, surroundings, instance, action, results, {
      signal: stopped,
      privateKey,
      claims,
      afresh,
      profiled: isForced && options.profile,
      heading,
      warm: run.warm,
      onProgress: (progress) => report({ type: "progress", instance: name, progress }),
    });
  let performed = await attempt(isForced);
  for (let tried = 1; performed.kind === "failed" && tried <= retries; tried++) {
    report({ type: "retrying", instance: name, failure: performed, left: retries - tried });
    const number = `attempt ${tried + 1} of ${retries + 1}`;
    performed = await attempt(false, `${number}; the one before failed: ${performed.reason}`);
  }
  if (performed.kind === "done") {
    made.add(action.key);
    finish(run, name, performed.record);
  }
  report(endOf(name, performed));
  return performed.kind === "done";
}

/** Without it the next run only has more to read: on a full disk that is the least of the trouble. */
function saveMemory({ cache }: Plan["store"]): void {
  try {
    cache.save();
  } catch {
    // Told already, by what failed for the same reason and does matter.
  }
}
