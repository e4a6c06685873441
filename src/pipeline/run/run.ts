/** A run brings instances up to date: a result that is cached is shown, one that isn't is made. */

import { dependenciesOf, type Instance } from "../graph/instance.ts";
import { leftOutMistake } from "../graph/select.ts";
import { type Plan, readSurroundings } from "../plan/plan.ts";
import { requireUserFiles } from "../plan/user_files.ts";
import { openSnapshots } from "../process/snapshots.ts";
import { warmPlaces } from "../process/warm.ts";
import { ifAlone } from "../store/locks.ts";
import { openRunClaims } from "../store/run_claims.ts";
import { removeLeftovers, type Store } from "../store/store.ts";
import { removeStaleViews, requireViews } from "../store/views.ts";
import { currentAction, type CurrentRun, type RunOptions, takeResult } from "./current_run.ts";
import { make } from "./make.ts";
import { openRemoteResults } from "./remote_results.ts";
import { schedule } from "./schedule.ts";

/**
 * Runs the instances that aren't up to date, in an order in which each follows what it needs.
 *
 * @returns whether all instances are up to date; false after a failure or a stop, which have been reported
 * @throws {InputError} for files that are missing, code that can't be read, what is to run but may not, and
 *   what is in the place of a view and isn't one
 */
export async function run(plan: Plan, options: RunOptions): Promise<boolean> {
  const { store } = plan;
  const { instances, keepGoing, signal, report, remoteCache } = options;
  requireUserFiles(instances, store.root);
  ifAlone(store.root, () => removeLeftovers(store));
  using claims = await openRunClaims(store.root, { onWait: () => report({ type: "waiting" }), signal });
  if (!claims) return false;
  removeStaleViews(store, plan.instances.map(({ name }) => name));
  requireViews(store, instances.map(({ name }) => name));
  await using warm = warmPlaces(store, plan.capacity.cpu);
  using snapshots = openSnapshots(store);
  const failFast = new AbortController();
  const stopped = AbortSignal.any([signal, failFast.signal]);
  await using remote = remoteCache && openRemoteResults(remoteCache, { store, stopped, signal, report });
  const current: CurrentRun = {
    plan,
    options,
    surroundings: readSurroundings(plan, instances),
    claims,
    warm,
    snapshots,
    remote,
    stopped,
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
      isDone: ({ instance }) => isCached(current, instance),
      run: ({ instance }) => make(current, instance),
      goesOn: () => keepGoing && !signal.aborted,
      stop: () => failFast.abort(),
    });
  } finally {
    saveStatCache(store);
  }
}

/**
 * Takes the result of an instance, and returns whether there was one.
 *
 * @throws {InputError} where there was none and the instance may not run
 */
function isCached(current: CurrentRun, instance: Instance): boolean {
  const { forced, mayRun } = current.options;
  if (forced.has(instance.name)) return false;
  const isThere = takeResult(current, instance, currentAction(current, instance).key);
  if (!isThere && !mayRun.has(instance.name)) throw leftOutMistake(instance.name);
  return isThere;
}

/**
 * Saves the stat cache if that is possible. Without it the next run only has more to read, which on a full
 * disk is the least of the trouble.
 */
function saveStatCache({ cache }: Store): void {
  try {
    cache.save();
  } catch {
    // Where it matters that nothing can be written, something else has failed and been reported.
  }
}
