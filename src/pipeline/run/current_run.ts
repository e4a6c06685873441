/** The current run holds what a run was asked for and what the making of its instances shares. */

import type { KeyObject } from "node:crypto";
import type { Instance } from "../graph/instance.ts";
import { type Action, actionOf, type Plan, type Surroundings } from "../plan/plan.ts";
import type { Executor } from "../process/executor.ts";
import type { Snapshots } from "../process/snapshots.ts";
import type { WarmPlaces } from "../process/warm.ts";
import { findHonestResult } from "../provenance/signatures.ts";
import type { RemoteCache } from "../remote/remote_cache.ts";
import type { ActionKey } from "../store/digest.ts";
import type { InstanceName } from "../store/instance_name.ts";
import { whileShared } from "../store/locks.ts";
import { type ActionRecord, secondsOf } from "../store/record.ts";
import type { RunClaims } from "../store/run_claims.ts";
import { showResult } from "../store/views.ts";
import type { RunEvent } from "./events.ts";
import type { RemoteResults } from "./remote_results.ts";

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
  /** Stops the run when it fires: its processes are killed, and nothing of theirs is kept. */
  readonly signal: AbortSignal;
  /** What runs the instances' stages. */
  readonly executor: Executor;
  /** Whether the run ends, and leaves what runs elsewhere to itself, once there is nothing else to do. */
  readonly detach: boolean;
  /** The key to sign new results with; undefined where the user has none. */
  readonly privateKey: KeyObject | undefined;
  /** The cache to share results with; undefined where the user has none. */
  readonly remoteCache?: RemoteCache | undefined;
  report(event: RunEvent): void;
}

export interface CurrentRun {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly surroundings: Surroundings;
  readonly claims: RunClaims;
  readonly warm: WarmPlaces;
  readonly snapshots: Snapshots;
  readonly remote: RemoteResults | undefined;
  /** Fires when the run is stopped, from outside or by a failure. */
  readonly stopped: AbortSignal;
  /** Instance → record, for those that are up to date by now. */
  readonly results: Map<string, ActionRecord>;
  /** The actions that this run itself has made. */
  readonly made: Set<ActionKey>;
  /**
   * Instance → the time, in milliseconds, when another process was first found to make it; Infinity once that
   * has been reported.
   */
  readonly waitingSince: Map<string, number>;
}

/** Determines an instance's action, with its inputs as they are now. */
export function currentAction({ plan, surroundings, results }: CurrentRun, instance: Instance): Action {
  return actionOf(plan, surroundings, instance, results);
}

/**
 * Takes an action's result from the store for an instance, and returns whether there was one.
 *
 * @param fetched how many bytes have just come from the remote cache for it, if it came from there
 * @throws {InputError} where its signature doesn't hold
 */
export function takeResult(run: CurrentRun, { name }: Instance, key: ActionKey, fetched?: number): boolean {
  const { plan: { store, publicKeys }, claims, options: { report } } = run;
  return whileShared(store.root, () => {
    const record = findHonestResult(store, key, publicKeys);
    if (!record) return false;
    claims.add(record);
    finish(run, name, record);
    const how = fetched === undefined ? {} : { fetched };
    report({ type: "cached", instance: name, key, seconds: secondsOf(record), ...how });
    return true;
  });
}

/** Notes that an instance is up to date, and shows its result. */
export function finish({ plan, results }: CurrentRun, name: InstanceName, record: ActionRecord): void {
  results.set(name, record);
  showResult(plan.store, name, record);
}
