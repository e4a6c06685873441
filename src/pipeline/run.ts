/** Brings instances up to date: what is cached is shown, what isn't is run, in processes of their own. */

import type { KeyObject } from "node:crypto";
import { InputError } from "../errors.ts";
import type { ActionKey } from "./digest.ts";
import type { Progress } from "./execute.ts";
import { requireFiles } from "./files.ts";
import { dependenciesOf, type Instance } from "./graph.ts";
import { ifAlone, lockAction, shareStore } from "./lock.ts";
import { perform, type Performed } from "./perform.ts";
import { actionOf, type Plan, readSurroundings } from "./plan.ts";
import type { ActionRecord } from "./record.ts";
import { schedule } from "./schedule.ts";
import { findResult, removeLeftovers } from "./store.ts";
import { removeStaleViews, showResult } from "./views.ts";

/** What happens in a run, as it happens. */
export type RunEvent =
  /** Another process does what this instance is to do, or, where there is no instance, cleans the store. */
  | { readonly type: "waiting"; readonly instance?: string }
  | { readonly type: "cached"; readonly instance: string; readonly key: ActionKey }
  | { readonly type: "started"; readonly instance: string }
  | { readonly type: "stopped"; readonly instance: string }
  | { readonly type: "progress"; readonly instance: string; readonly progress: Progress }
  | {
    readonly type: "done";
    readonly instance: string;
    readonly key: ActionKey;
    readonly seconds: number;
    readonly summary: readonly string[];
  }
  /** An attempt failed; `left`: how many more there may be after the one that starts now. */
  | { readonly type: "retrying"; readonly instance: string; readonly failure: Failure; readonly left: number }
  | { readonly type: "failed"; readonly instance: string; readonly failure: Failure };

export type Failure = Extract<Performed, { kind: "failed" }>;

export interface RunOptions {
  /** The instances to bring up to date, with all that they need, in the graph's order. */
  readonly instances: readonly Instance[];
  /** Names of instances to run although their results are cached. */
  readonly forced: ReadonlySet<string>;
  /** Names of the instances that may run; the others have to be cached. */
  readonly mayRun: ReadonlySet<string>;
  /** Whether to go on after a failure with what doesn't depend on it. */
  readonly keepGoing: boolean;
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
  const { instances, forced, mayRun, keepGoing, signal, privateKey, report } = options;
  requireFiles(instances);
  ifAlone(store.root, () => removeLeftovers(store));
  using shared = await shareStore(store.root, { onWait: () => report({ type: "waiting" }), signal });
  if (!shared) return false;
  removeStaleViews(store, plan.instances.map(({ name }) => name));
  const surroundings = await readSurroundings(plan, instances);
  const results = new Map<string, ActionRecord>();
  const made = new Set<ActionKey>();
  const failFast = new AbortController();
  const stopped = AbortSignal.any([signal, failFast.signal]);
  const finish = (name: string, record: ActionRecord) => {
    results.set(name, record);
    showResult(store, name, record);
  };
  const tasks = instances.map((instance) => {
    const { name, resources } = instance;
    return { name, resources, after: dependenciesOf(instance), instance };
  });
  try {
    return await schedule(tasks, plan.capacity, {
      isDone({ name, instance }) {
        if (forced.has(name)) return false;
        const record = findResult(store, actionOf(plan, surroundings, instance, results).key);
        if (!record && !mayRun.has(name)) throw leftOutMistake(name);
        if (!record) return false;
        finish(name, record);
        report({ type: "cached", instance: name, key: record.key });
        return true;
      },
      async run({ name, instance }) {
        const { key } = actionOf(plan, surroundings, instance, results);
        const onWait = () => report({ type: "waiting", instance: name });
        using alone = await lockAction(store.root, key, { onWait, signal: stopped });
        if (!alone) {
          report({ type: "stopped", instance: name });
          return false;
        }
        // Another process, or another instance that does the same, may have made it meanwhile.
        const found = forced.has(name) && !made.has(key) ? undefined : findResult(store, key);
        if (found) {
          finish(name, found);
          report({ type: "cached", instance: name, key });
          return true;
        }
        report({ type: "started", instance: name });
        const attempt = (afresh: boolean, heading?: string) =>
          perform(plan, surroundings, instance, results, {
            signal: stopped,
            privateKey,
            afresh,
            heading,
            onProgress: (progress) => report({ type: "progress", instance: name, progress }),
          });
        let performed = await attempt(forced.has(name));
        for (let tried = 1; performed.kind === "failed" && tried <= instance.retries; tried++) {
          report({ type: "retrying", instance: name, failure: performed, left: instance.retries - tried });
          const number = `attempt ${tried + 1} of ${instance.retries + 1}`;
          performed = await attempt(false, `${number}; the one before failed: ${performed.reason}`);
        }
        if (performed.kind === "done") {
          made.add(key);
          finish(name, performed.record);
        }
        report(eventOf(name, performed));
        return performed.kind === "done";
      },
      goesOn: () => keepGoing && !signal.aborted,
      stop: () => failFast.abort(),
    });
  } finally {
    saveMemory(store);
  }
}

/** Without it the next run only has more to read: on a full disk that is the least of the trouble. */
function saveMemory({ cache }: Plan["store"]): void {
  try {
    cache.save();
  } catch {
    // Told already, by what failed for the same reason and does matter.
  }
}

/** The mistake of leaving out an instance that isn't up to date. */
export function leftOutMistake(instance: string): InputError {
  return new InputError({
    found: `${instance}, which isn't up to date`,
    expected: "all that the named stages need to be so, since only those are to run",
    fix: `Name ${instance} too, or leave out --only.`,
  });
}

function eventOf(instance: string, performed: Performed): RunEvent {
  if (performed.kind === "stopped") return { type: "stopped", instance };
  if (performed.kind === "failed") return { type: "failed", instance, failure: performed };
  const { key, started, ended } = performed.record;
  const seconds = (Date.parse(ended) - Date.parse(started)) / 1000;
  return { type: "done", instance, key, seconds, summary: performed.summary };
}
