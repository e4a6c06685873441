/** The readable side of the store: `artifacts/<stage>[/<variant>]` shows the newest result of each instance. */

import { dirname, join } from "node:path";
import { remove } from "./atomic.ts";
import type { ActionRecord } from "./record.ts";
import { forgetInstance, instancesWithResults, markLatest, showTree, type Store } from "./store.ts";

/** Where an instance's result is shown: `finetune@scalar` in `finetune/scalar`. */
export function viewPath({ root }: Store, instance: string): string {
  return join(dirname(root), ...instance.split("@"));
}

/** Shows a result as its instance's newest. */
export function showResult(store: Store, instance: string, { key, files }: ActionRecord): void {
  showTree(store, files, viewPath(store, instance));
  markLatest(store, instance, key);
}

/** Stops showing instances that the pipeline no longer has; their results stay in the store. */
export function removeStaleViews(store: Store, instances: readonly string[]): void {
  for (const instance of instancesWithResults(store)) {
    if (instances.includes(instance)) continue;
    const view = viewPath(store, instance);
    remove(view);
    if (instance.includes("@")) removeIfEmpty(dirname(view));
    forgetInstance(store, instance);
  }
}

function removeIfEmpty(folder: string): void {
  try {
    Deno.removeSync(folder);
  } catch {
    // It shows other variants, or is gone already.
  }
}
