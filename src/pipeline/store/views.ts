/**
 * Views are the readable side of the store: `artifacts/<stage>[/<variant>]` shows the newest result of each
 * instance of `pipeline.yaml`; each other pipeline file has a folder for its views. The store notes which
 * folders it has made, and touches no others.
 */

import { dirname, join } from "node:path";
import { InputError } from "../../errors.ts";
import {
  ifThere,
  readIfThere,
  remove,
  removeIfEmpty,
  statIfThere,
  unwritable,
  writeAtomically,
} from "./atomic.ts";
import { showsTree, showTree } from "./blobs.ts";
import { folderOf, type InstanceName } from "./instance_name.ts";
import { whileLocked } from "./locks.ts";
import type { ActionRecord } from "./record.ts";
import { forgetInstance, instancesWithResults, latestKey, latestRecord, markLatest } from "./results.ts";
import type { Store } from "./store.ts";
import { outputPathsIn } from "./tree.ts";

/** Returns the folder that shows an instance's result, such as `finetune/scalar` for `finetune@scalar`. */
export function viewPath({ pipeline }: Store, instance: InstanceName): string {
  return join(pipeline.views, folderOf(instance));
}

/**
 * Shows a result as its instance's newest. One process at a time does so, so that what is shown and what is
 * noted as the newest are the same result.
 *
 * @throws {InputError} where the view can't be written, or something else is in its place
 */
export function showResult(store: Store, instance: InstanceName, { key, files }: ActionRecord): void {
  const path = viewPath(store, instance);
  if (latestKey(store, instance) === key && showsTree(store, files, path)) return;
  whileLocked(store.root, "views", () => {
    requireViews(store, [instance]);
    try {
      // The note is of the folder that is there and of the one to come, so that a crash at any moment leaves
      // a view that is known.
      const before = identityOf(path);
      showTree(store, files, path, (folder) => {
        writeAtomically(notePath(store, instance), [before, identityOf(folder)].join("\n"));
      });
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
      if (strangerAt(store, instance) === undefined) remove(view);
      if (instance.includes("@")) removeIfEmpty(dirname(view));
      remove(notePath(store, instance));
      forgetInstance(store, instance);
    });
  }
}

/**
 * Checks that nothing but views is where the views of these instances are to be.
 *
 * @throws {InputError} for the first of which something else is there
 */
export function requireViews(store: Store, instances: readonly InstanceName[]): void {
  for (const instance of instances) {
    const file = strangerAt(store, instance);
    if (file === undefined) continue;
    throw new InputError({
      at: { file },
      found: "something that the pipeline didn't make",
      expected: `nothing, or what it has shown there of ${instance}`,
      fix: "Move it elsewhere: what is in this place is replaced whenever there is a new result.",
    });
  }
}

/**
 * Returns the path of what keeps an instance's view from its place, such as something of a person's there or in
 * the place of the folder around it; undefined where the view may be put there.
 */
function strangerAt(store: Store, instance: InstanceName): string | undefined {
  const path = viewPath(store, instance);
  const around = dirname(path);
  if (identityOf(around) !== undefined && !statIfThere(around)?.isDirectory) return around;
  const identity = identityOf(path);
  if (identity === undefined || notedIdentities(store, instance).includes(identity)) return undefined;
  const inside = Deno.lstatSync(path).isDirectory ? outputPathsIn(path) : undefined;
  if (inside?.length === 0) return undefined;
  // Views of an older version, or in a copied folder, have no note. They are known by what they show.
  const record = inside && latestRecord(store, instance);
  return record && showsTree(store, record.files, path) ? undefined : path;
}

/** Returns what tells a folder from another in its place, or undefined where there is none. */
function identityOf(path: string): string | undefined {
  const info = ifThere(() => Deno.lstatSync(path));
  return info && `${info.ino} ${info.birthtime?.getTime()}`;
}

/** Returns the folders that were an instance's view when it was last shown, just before that or after it. */
function notedIdentities(store: Store, instance: InstanceName): readonly string[] {
  return readIfThere(notePath(store, instance))?.split("\n") ?? [];
}

/** Returns the path of the note of the folder that is an instance's view. */
function notePath({ pipeline }: Store, instance: InstanceName): string {
  return join(pipeline.state, "views", instance);
}
