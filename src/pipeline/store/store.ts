/**
 * The content-addressed store is `artifacts/.store`: `blobs/` holds files by digest, `actions/` a record for
 * each key, `latest/` the key of each instance's newest result, `signatures/` those of records, besides
 * `logs/`, and `staging/` for what isn't done yet. What belongs to another pipeline file than `pipeline.yaml`
 * is in `pipelines/`. Where several checkouts share a store, what belongs to one of them (`latest/`, `logs/`,
 * `pipelines/`, notes) is in its folder of `checkouts/`, to which its `artifacts/.store` is a link.
 *
 * A record is written last, when all that it points at is in place and flushed. Its writer shares the store
 * and holds the lock of the action; only a process that holds the store alone removes anything from it.
 */

import { basename, dirname, join } from "node:path";
import { ifThere, readIfThere, remove, unwritable } from "./atomic.ts";
import type { ActionKey } from "./digest.ts";
import { type ArtifactFolders, defaultFile, type PipelinePlace, placeOf } from "./pipeline_place.ts";
import { openStatCache, type StatCache } from "./stat_cache.ts";

export interface Store extends ArtifactFolders {
  readonly cache: StatCache;
  /** The place of the pipeline file whose views and newest results are spoken of. */
  readonly pipeline: PipelinePlace;
}

/**
 * Opens a store for a pipeline file; its folders are made when something is kept in them.
 *
 * @param folder the store's folder, `artifacts/.store` of a project
 */
export function openStore(folder: string, file = defaultFile): Store {
  // Permissions, which stages get for folders of the store, are of real paths.
  const artifacts = realPathOf(dirname(folder));
  const state = realPathOf(folder);
  const root = storeRootOf(state);
  const folders: ArtifactFolders = { project: dirname(dirname(folder)), artifacts, root, state };
  return { ...folders, cache: openStatCache(join(root, "stat-cache")), pipeline: placeOf(folders, file) };
}

/** Returns where links lead to on a path, whose last part may not be there yet. */
export function realPathOf(path: string): string {
  const real = ifThere(() => Deno.realPathSync(path));
  return real ?? (dirname(path) === path ? path : join(realPathOf(dirname(path)), basename(path)));
}

/** The folder of a shared store that has one for each checkout. */
export const checkoutsName = "checkouts";

/**
 * Returns the store in which this folder is a checkout's, or the folder itself where that is a store.
 *
 * @param state a real path
 */
export function storeRootOf(state: string): string {
  const isShared = basename(dirname(state)) === checkoutsName && uuid.test(basename(state));
  return isShared ? dirname(dirname(state)) : state;
}

/** Returns the store as each pipeline file sees it that was run in the checkout. */
export function forEachPipeline(store: Store): readonly Store[] {
  const { state } = store;
  const others = namesIn(join(state, "pipelines")).flatMap((name) => {
    const file = readIfThere(join(state, "pipelines", name, "file"))?.trimEnd();
    const pipeline = file === undefined ? undefined : placeOf(store, file);
    return pipeline?.state === join(state, "pipelines", name) ? [{ ...store, pipeline }] : [];
  });
  return [{ ...store, pipeline: placeOf(store, defaultFile) }, ...others];
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
 * Returns the name of a folder, beside the views, in which one is made ready: the store may be on another
 * disk, and only within a disk can a folder be renamed into its place.
 */
export function viewStaging({ pipeline }: Store): string {
  return join(pipeline.views, `.${crypto.randomUUID()}`);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function isViewStaging(name: string): boolean {
  return name.startsWith(".") && uuid.test(name.slice(1));
}

/**
 * Removes what runs that were killed have left. The caller must have the store alone, so that no other run is
 * alive.
 */
export function removeLeftovers(store: Store): void {
  const { root } = store;
  remove(join(root, "runs"));
  for (const { pipeline: { views } } of forEachPipeline(store)) {
    namesIn(views).filter(isViewStaging).forEach((name) => remove(join(views, name)));
  }
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
