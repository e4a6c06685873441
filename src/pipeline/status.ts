/** Which instances are up to date, found without running or writing anything. */

import { canonicalJson } from "./digest.ts";
import { requireFiles } from "./files.ts";
import { dependenciesOf, type Instance } from "./graph.ts";
import { actionOf, type Plan, readSurroundings } from "./plan.ts";
import type { ActionRecord, PreImage } from "./record.ts";
import { findResult, latestRecord, type Store } from "./store.ts";

export type InstanceStatus =
  | { readonly instance: string; readonly state: "current"; readonly record: ActionRecord }
  | { readonly instance: string; readonly state: "new" }
  /** `changed`: the parts of the key that differ from its last run; none where its result is damaged. */
  | { readonly instance: string; readonly state: "stale"; readonly changed: readonly string[] }
  /** It follows instances that are to run first; whether it is to run depends on what they make. */
  | { readonly instance: string; readonly state: "waiting"; readonly on: readonly string[] };

/** The state of each instance, in the graph's order. @throws {InputError} for files or code that can't be read */
export async function statusOf(
  plan: Plan,
  instances: readonly Instance[],
): Promise<readonly InstanceStatus[]> {
  requireFiles(instances);
  const surroundings = await readSurroundings(plan, instances);
  const results = new Map<string, ActionRecord>();
  return instances.map((instance): InstanceStatus => {
    const { name } = instance;
    const on = dependenciesOf(instance).filter((needed) => !results.has(needed));
    if (on.length > 0) return { instance: name, state: "waiting", on };
    const { key, preImage } = actionOf(plan, surroundings, instance, results);
    const record = findResult(plan.store, key);
    if (!record) return staleness(plan.store, name, preImage);
    results.set(name, record);
    return { instance: name, state: "current", record };
  });
}

function staleness(store: Store, instance: string, preImage: PreImage): InstanceStatus {
  const last = latestRecord(store, instance)?.preImage;
  if (!last) return { instance, state: "new" };
  const parts = Object.keys({ ...last, ...preImage }) as (keyof PreImage)[];
  const changed = parts.filter((part) => textOf(last[part]) !== textOf(preImage[part])).sort();
  return { instance, state: "stale", changed };
}

function textOf(part: PreImage[keyof PreImage]): string {
  return part === undefined ? "" : canonicalJson(part);
}
