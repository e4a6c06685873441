/**
 * Views are the readable side of the store: `artifacts/<stage>[/<variant>]` shows the newest result of each
 * instance.
 */

import { dirname, join } from "node:path";
import { remove, removeIfEmpty, unwritable } from "./atomic.ts";
import { showsTree, showTree } from "./blobs.ts";
import { folderOf, type InstanceName } from "./instance_name.ts";
import { whileLocked } from "./locks.ts";
import type { ActionRecord } from "./record.ts";
import { forgetInstance, instancesWithResults, latestKey, markLatest } from "./results.ts";
import type { Store } from "./store.ts";

/** Returns the folder that shows an instance's result, such as `finetune/scalar` for `finetune@scalar`. */
export function viewPath({ root }: Store, instance: InstanceName): string {
  return join(dirname(root), folderOf(instance));
}

/**
 * Shows a result as its instance's newest. One process at a time does so, so that what is shown and what is
 * noted as the newest are the same result.
 *
 * @throws {InputError} where the view can't be written
 */
export function showResult(store: Store, instance: InstanceName, { key, files }: ActionRecord): void {
  const path = viewPath(store, instance);
  if (latestKey(store, instance) === key && showsTree(store, files, path)) return;
  whileLocked(store.root, "views", () => {
    try {
      showTree(store, files, path);
      markLatest(store, instance, key);
    } catch (error) {
      throw unwritable(path, error);
    }
  });
}

/** Stops showing instances that the pipeline no longer has; their results stay in the store. */
export function removeStaleViews(store: Store, instances: readonly InstanceName[]): void {
  const current = new Set<InstanceName>(instances);
  for (const instance of instancesWithResults(store)) {
    if (current.has(instance)) continue;
    const view = viewPath(store, instance);
    whileLocked(store.root, "views", () => {
      remove(view);
      if (instance.includes("@")) removeIfEmpty(dirname(view));
      forgetInstance(store, instance);
    });
  }
}
