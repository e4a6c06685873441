/**
 * A clean-up removes from the store what no kept result needs: mark and sweep. It is only for a process that
 * holds the store.
 */

import { basename, dirname, join, relative } from "node:path";
import { jobFolders, keyOfJob, readEnd } from "../execute/job_folder.ts";
import { remove, removeIfEmpty, statIfThere } from "../store/atomic.ts";
import { blobPath } from "../store/blobs.ts";
import { type Checkout, otherCheckouts } from "../store/checkouts.ts";
import type { ActionKey, Digest } from "../store/digest.ts";
import { blobsOf, lineageOf, sizeOf } from "../store/lineage.ts";
import { newestLogs } from "../store/logs.ts";
import type { ActionRecord } from "../store/record.ts";
import { instancesWithResults, latestRecord, readRecord, recordedKeys } from "../store/results.ts";
import { claimedNames } from "../store/run_claims.ts";
import { defaultFile } from "../store/pipeline_place.ts";
import { forEachPipeline, namesIn, type Store } from "../store/store.ts";
import { removeStaleViews } from "../store/views.ts";

export interface CleanupOptions {
  /** How many of each instance's newest results to keep. */
  readonly keepRuns: number;
  /** How many bytes blobs may take. Older results go first; what is current stays in any case. */
  readonly maxBytes?: number;
  readonly dryRun: boolean;
}

export interface Cleanup {
  readonly kept: { readonly results: number; readonly bytes: number };
  readonly removed: { readonly results: number; readonly files: number; readonly bytes: number };
  /** The results that were removed, or would be. */
  readonly removedResults: readonly Pick<ActionRecord, "instance" | "key" | "ended">[];
  /** The pipeline files that are no longer there, whose views and newest results aren't kept for them. */
  readonly gone: readonly string[];
  /** The other checkouts whose results are kept, but which aren't where they were. */
  readonly unseen: readonly Checkout[];
}

/**
 * Removes all but the following: what the newest result of each instance of each pipeline file that is still
 * there, which `artifacts/` shows, came from, in this checkout and in all others that share the store; as many
 * older results as asked for; the checkpoint of each instance's newest attempt. Beside runs under way it also
 * keeps what they have claimed and all that they may still be working on.
 */
export function cleanUp(store: Store, options: CleanupOptions): Cleanup {
  const records = recordedKeys(store).flatMap((key) => readRecord(store, key) ?? []);
  const claimed = claimedNames(store.root);
  const [gone, own] = partition(forEachPipeline(store), (store) => !claimed && isGone(store));
  const others = otherCheckouts(store);
  // Whether their pipeline files are still there is for them to say: they may be on another machine.
  const pipelines = [...own, ...others.flatMap(({ seen }) => forEachPipeline(seen))];
  const current = lineageOf(store, [
    ...pipelines.flatMap((store) =>
      instancesWithResults(store).flatMap((name) => latestRecord(store, name) ?? [])
    ),
    ...records.filter(({ key }) => claimed?.has(key)),
  ]);
  const kept = keptRecords(store, records, current, options);
  const needed = new Set(kept.flatMap((record) => [...blobsOf(store, record).keys()]));
  // A claimed result may have been made again since, and differently, so its files are claimed too.
  const blobs = new Set<string>([...needed, ...claimed ?? []]);
  const garbage = [
    ...unneededResults(store, kept, blobs),
    ...(claimed ? [] : unneededTraces(store, pipelines, kept)),
  ];
  const keptKeys = new Set(kept.map(({ key }) => key));
  const bytes = garbage.map((path) => bytesBelow(path)).reduce((sum, size) => sum + size, 0);
  if (!options.dryRun) {
    gone.forEach((store) => {
      removeStaleViews(store, []);
      removeIfEmpty(store.pipeline.views);
      remove(store.pipeline.state);
    });
    garbage.forEach((path) => {
      remove(path);
      if (dirname(dirname(path)) === join(store.root, "blobs")) removeIfEmpty(dirname(path));
    });
    store.cache.retain((name) => isOfUse(name, blobs));
    store.cache.save();
  }
  return {
    kept: { results: kept.length, bytes: totalSize(store, needed) },
    removed: { results: records.length - kept.length, files: garbage.length, bytes },
    removedResults: records.filter(({ key }) => !keptKeys.has(key))
      .map(({ instance, key, ended }) => ({ instance, key, ended })),
    gone: gone.map(({ pipeline }) => pipeline.file),
    unseen: others.filter(({ isThere }) => !isThere).map(({ artifacts, folder }) => ({ artifacts, folder })),
  };
}

/** Says whether the pipeline file that the store is seen from was there once and is no longer. */
function isGone({ project, pipeline: { file } }: Store): boolean {
  return file !== defaultFile && !statIfThere(join(project, file));
}

function partition<Item>(items: readonly Item[], belongs: (item: Item) => boolean) {
  return [items.filter(belongs), items.filter((item) => !belongs(item))] as const;
}

function keptRecords(
  store: Store,
  records: readonly ActionRecord[],
  current: readonly ActionRecord[],
  { keepRuns, maxBytes = Infinity }: CleanupOptions,
): readonly ActionRecord[] {
  const isCurrent = new Set<ActionKey>(current.map(({ key }) => key));
  const newestFirst = records.toSorted((a, b) => (a.ended < b.ended ? 1 : a.ended > b.ended ? -1 : 0));
  const seen = new Map<string, number>();
  const recent = newestFirst.filter(({ instance }) => {
    const before = seen.get(instance) ?? 0;
    seen.set(instance, before + 1);
    return before < keepRuns;
  });
  const blobs = new Set<Digest>();
  let bytes = 0;
  const add = (record: ActionRecord) => {
    const more = [...blobsOf(store, record).keys()].filter((digest) => !blobs.has(digest));
    bytes += totalSize(store, new Set(more));
    more.forEach((digest) => blobs.add(digest));
  };
  current.forEach(add);
  const older = recent.filter(({ key }) => !isCurrent.has(key));
  const tooMany = older.findIndex((record) => {
    add(record);
    return bytes > maxBytes;
  });
  return [...current, ...(tooMany < 0 ? older : older.slice(0, tooMany))];
}

/**
 * Lists the paths of results that aren't needed. Records come before their blobs, so that no record is ever
 * without its blobs.
 */
function unneededResults(
  store: Store,
  kept: readonly ActionRecord[],
  blobs: ReadonlySet<string>,
): readonly string[] {
  const names = new Set(kept.map(({ key }) => `${key}.json`));
  return [
    ...["actions", "signatures"].flatMap((folder) => unneeded(store, folder, (name) => names.has(name))),
    ...namesIn(join(store.root, "blobs")).flatMap((folder) =>
      unneeded(store, join("blobs", folder), (name) => blobs.has(name))
    ),
  ];
}

/** Lists the paths of what runs leave besides results, and nobody needs once they have ended. */
function unneededTraces(
  store: Store,
  pipelines: readonly Store[],
  kept: readonly ActionRecord[],
): readonly string[] {
  const keys = new Set<string>(kept.map(({ key }) => key));
  const newest = pipelines.flatMap(newestLogs).map(({ path }) => basename(path));
  const logs = new Set([...newest, ...kept.map(({ log }) => basename(log))]);
  const attempts = new Set(newest.map((name) => name.match(/([0-9a-f]{8})\.log$/)?.[1]));
  const queued = new Set<string | undefined>(jobFolders(store.root).map(keyOfJob)); // which have no log yet
  return [
    ...pipelines.flatMap(({ pipeline }) =>
      unneeded(store, relative(store.root, join(pipeline.state, "logs")), (name) => logs.has(name))
    ),
    ...unneeded(
      store,
      "checkpoints",
      (name) =>
        queued.has(name.replace(/\.lock$/, "")) || (attempts.has(name.slice(0, 8)) && !keys.has(name)),
    ),
    ...unneeded(
      store,
      "jobs",
      (name) => attempts.has(name.slice(0, 8)) || !readEnd(join(store.root, "jobs", name)),
    ),
    ...["staging", "locks", "runs"].flatMap((folder) => unneeded(store, folder, () => false)),
    // A crash while the stat cache was written leaves a file beside it.
    ...unneeded(store, ".", (name) => !name.startsWith("stat-cache.")),
  ];
}

function unneeded(
  { root }: Store,
  folder: string,
  isNeeded: (name: string) => boolean,
): readonly string[] {
  return namesIn(join(root, folder)).filter((name) => !isNeeded(name)).map((name) =>
    join(root, folder, name)
  );
}

/** Says whether what the cache remembers under this name may be asked for again. */
function isOfUse(name: string, blobs: ReadonlySet<string>): boolean {
  if (name.startsWith("blob ")) return blobs.has(name.slice("blob ".length));
  return !name.startsWith("file ") || sizeOf(name.slice("file ".length)) !== undefined;
}

function totalSize(store: Store, blobs: ReadonlySet<Digest>): number {
  return [...blobs].reduce((sum, digest) => sum + (sizeOf(blobPath(store, digest)) ?? 0), 0);
}

function bytesBelow(path: string): number {
  const info = Deno.lstatSync(path);
  if (!info.isDirectory) return info.size;
  return namesIn(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0);
}
