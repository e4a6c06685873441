/**
 * The content-addressed store is `artifacts/.store`: `blobs/` holds files by digest, `actions/` a record for
 * each key, `latest/` the key of each instance's newest result, `signatures/` those of records, besides
 * `logs/`, and `staging/` for what isn't done yet.
 *
 * A record is written last, when all that it points at is in place and flushed. Its writer shares the store
 * and holds the lock of the action; only a process that holds the store alone removes anything from it.
 */

import { join } from "node:path";
import { ifThere, remove, unwritable } from "./atomic.ts";
import type { ActionKey } from "./digest.ts";
import { openStatCache, type StatCache } from "./stat_cache.ts";

export interface Store {
  readonly root: string;
  readonly cache: StatCache;
}

/** Opens a store; its folders are made when something is kept in them. */
export function openStore(root: string): Store {
  return { root, cache: openStatCache(join(root, "stat-cache")) };
}

/**
 * Makes a fresh folder for what isn't done yet.
 *
 * @throws {InputError} where nothing can be written
 */
export function makeStaging({ root }: Store, within = join(root, "staging")): string {
  const folder = join(within, crypto.randomUUID());
  try {
    Deno.mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
  return folder;
}

/**
 * Removes what runs that were killed have left. The caller must have the store alone, so that no other run is
 * alive.
 */
export function removeLeftovers({ root }: Store): void {
  remove(join(root, "runs"));
  for (const name of namesIn(join(root, "staging"))) {
    try {
      remove(join(root, "staging", name));
    } catch {
      // The stage of a run that was killed may still write to it for a moment: the next run removes it.
    }
  }
}

/** Returns the folder in which an action's stage keeps what an interrupted attempt leaves to the next. */
export function checkpointPath({ root }: Store, key: ActionKey): string {
  return join(root, "checkpoints", key);
}

/** Lists the names in a folder of the store, sorted; none where the folder isn't there. */
export function namesIn(folder: string): readonly string[] {
  return (ifThere(() => [...Deno.readDirSync(folder)]) ?? []).map(({ name }) => name).sort();
}
