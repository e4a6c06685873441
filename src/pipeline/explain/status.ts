/**
 * The status says which instances are up to date and why others aren't. Finding it runs and writes nothing.
 */

import { dependenciesOf, type Instance, makersOf } from "../graph/instance.ts";
import { parseManifest } from "../plan/code.ts";
import type { Results } from "../plan/key.ts";
import { type Action, actionOf, type Plan, readSurroundings } from "../plan/plan.ts";
import { requireUserFiles, userFolder } from "../plan/user_files.ts";
import { findHonestResult } from "../provenance/signatures.ts";
import type { ActionKey } from "../store/digest.ts";
import { partOf } from "../store/input_parts.ts";
import type { InstanceName } from "../store/instance_name.ts";
import { inputFolder } from "../store/lineage.ts";
import type { ActionRecord } from "../store/record.ts";
import { latestRecord } from "../store/results.ts";
import type { Store } from "../store/store.ts";
import { type Change, changesBetween, dependenceOf } from "./changes.ts";

export type InstanceStatus =
  | { readonly instance: InstanceName; readonly state: "current"; readonly record: ActionRecord }
  | { readonly instance: InstanceName; readonly state: "forced" }
  /** Its stage says `cache: false`. */
  | { readonly instance: InstanceName; readonly state: "uncached" }
  | { readonly instance: InstanceName; readonly state: "new" }
  /** `changes` are those since its last run; there are none where its result is damaged. */
  | { readonly instance: InstanceName; readonly state: "stale" } & SinceLastRun
  /**
   * It follows instances that are to run first. Whether it is to run depends on what they make, and on the
   * changes that are known already.
   */
  | { readonly instance: InstanceName; readonly state: "waiting"; readonly on: readonly string[] }
    & Partial<SinceLastRun>;

export interface SinceLastRun {
  readonly last: { readonly key: ActionKey; readonly ended: string };
  readonly changes: readonly Change[];
}

/**
 * Finds the state of each instance, in the graph's order.
 *
 * @param forced names of instances that are to run in any case
 * @throws {InputError} for files or code that can't be read, and for a result whose signature doesn't hold
 */
export function statusOf(
  plan: Plan,
  instances: readonly Instance[],
  forced: ReadonlySet<string> = new Set(),
): readonly InstanceStatus[] {
  requireUserFiles(instances, plan.store.root);
  const surroundings = readSurroundings(plan, instances);
  const results = new Map<string, ActionRecord>();
  return instances.map((instance): InstanceStatus => {
    const { name } = instance;
    if (forced.has(name)) return { instance: name, state: instance.cache ? "forced" : "uncached" };
    const on = dependenciesOf(instance).filter((needed) => !results.has(needed));
    const action = actionOf(plan, surroundings, withKnownInputs(instance, results), results);
    if (on.length > 0) {
      return { instance: name, state: "waiting", on, ...sinceLastRun(plan.store, instance, action) };
    }
    const record = findHonestResult(plan.store, action.key, plan.publicKeys);
    if (record) {
      results.set(name, record);
      return { instance: name, state: "current", record };
    }
    const since = sinceLastRun(plan.store, instance, action);
    return since ? { instance: name, state: "stale", ...since } : { instance: name, state: "new" };
  });
}

/** Returns the instance without the inputs that aren't made yet. */
function withKnownInputs(instance: Instance, results: Results): Instance {
  const known = [...instance.inputs].filter(([, source]) =>
    makersOf(source).every((name) => results.has(name))
  );
  return { ...instance, inputs: new Map(known) };
}

function sinceLastRun(store: Store, instance: Instance, action: Action): SinceLastRun | undefined {
  const { preImage, code, origins } = action;
  const last = latestRecord(store, instance.name);
  if (!last) return undefined;
  // Inputs that the instance has now, but that aren't made yet, can't be compared.
  const compared = <Value>(inputs: Readonly<Record<string, Value>>) =>
    Object.fromEntries(
      Object.entries(inputs).filter(([name]) =>
        Object.hasOwn(preImage.inputs, name) || !instance.inputs.has(name)
      ),
    );
  const { inputs, names } = last.preImage;
  const before = {
    ...last,
    preImage: { ...last.preImage, inputs: compared(inputs), names: compared(names) },
  };
  const changes = changesBetween(dependenceOf(store, before), {
    preImage,
    manifest: parseManifest(code.manifest),
    folder(input, variant) {
      const source = instance.inputs.get(input);
      // The listing of a folder of the user becomes a blob only when an action has read it.
      if (source?.kind === "userFiles") return userFolder(source, store.cache);
      const origin = partOf(origins[input], variant);
      return origin && inputFolder(store, origin);
    },
  });
  return { last: { key: last.key, ended: last.ended }, changes };
}
