/** A run brings instances up to date: a result that is cached is shown, one that isn't is made. */

import type { Amounts } from "../file/spec.ts";
import { dependenciesOf, type Instance } from "../graph/instance.ts";
import { leftOutMistake } from "../graph/select.ts";
import { type Plan, readSurroundings } from "../plan/plan.ts";
import { requireUserFiles } from "../plan/user_files.ts";
import { leaving } from "../process/executor.ts";
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
  const departure = departureOf(options);
  const stopped = AbortSignal.any([departure.signal, failFast.signal]);
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
  const { places } = options.executor;
  const tasks = instances.map((instance) => ({
    name: instance.name,
    resources: places === undefined ? instance.resources : resourcesElsewhere(instance.resources),
    after: dependenciesOf(instance),
    instance,
  }));
  const capacity = places === undefined ? plan.capacity : { ...plan.capacity, [placesName]: places };
  try {
    return await schedule(tasks, capacity, {
      isDone: ({ instance }) => isCached(current, instance),
      run: ({ instance }) => departure.count(make(current, instance)),
      goesOn: () => keepGoing && !departure.signal.aborted,
      stop: () => failFast.abort(),
    });
  } finally {
    departure.end();
    saveStatCache(store);
  }
}

/** The resource that stands for an executor's places; no resource of a pipeline file can have this name. */
const placesName = "places elsewhere";

/** Returns what an instance takes of what is shared here while its stage runs elsewhere. */
function resourcesElsewhere({ cpu: _cpu, gpu: _gpu, memory: _memory, ...shared }: Amounts): Amounts {
  return { ...shared, [placesName]: 1 };
}

/**
 * Returns the signal that ends the run from outside: the given one, or for a run that detaches one that fires
 * as well once all that is being made runs elsewhere, and that leaves it there.
 */
function departureOf({ signal, detach, executor }: RunOptions) {
  const leave = new AbortController();
  let making = 0;
  const leaveIfIdle = () => {
    if (signal.aborted || (making > 0 && executor.elsewhere() === making)) leave.abort(leaving);
  };
  const timer = detach ? setInterval(leaveIfIdle, idleCheckMs) : undefined;
  return {
    signal: detach ? leave.signal : signal,
    count<T>(ending: Promise<T> | undefined): Promise<T> | undefined {
      if (ending) making++;
      return ending?.finally(() => making--);
    },
    end: () => clearInterval(timer),
  };
}

const idleCheckMs = 200;

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
