/** A push puts locked results, with all that they came from, into a remote cache. */

import { InputError } from "../../errors.ts";
import { requireHonest, signatureOf } from "../provenance/signatures.ts";
import { putResult } from "../remote/put_result.ts";
import type { RemoteCache } from "../remote/remote_cache.ts";
import { openStorage } from "../remote/storage.ts";
import { UnfitEntry } from "../remote/trouble.ts";
import { lineageOf } from "../store/lineage.ts";
import { shareStore, type Waiting } from "../store/locks.ts";
import type { ActionRecord } from "../store/record.ts";
import { findResult } from "../store/results.ts";
import type { Store } from "../store/store.ts";
import type { LockedResult } from "./locked_results.ts";
import { type Refusal, serving } from "./transfer.ts";

export interface PushOptions extends Waiting {
  /** Called after each result with how many of all are there. */
  onProgress(done: number, total: number): void;
}

export interface Pushed {
  /** How many results the cache has now: the locked ones, and those that they came from. */
  readonly results: number;
  /** How many files weren't there before. */
  readonly files: number;
  readonly bytes: number;
  /** What the cache hasn't taken. */
  readonly refused: readonly Refusal[];
}

/**
 * Puts locked results into a cache. Nothing is removed from the store meanwhile.
 *
 * @throws {InputError} where a result isn't here as it is locked, and where the cache doesn't serve
 * @throws the signal's reason, where it was aborted
 */
export async function push(
  store: Store,
  cache: RemoteCache,
  locked: readonly LockedResult[],
  options: PushOptions,
): Promise<Pushed> {
  using _shared = await shareStore(store.root, options);
  options.signal.throwIfAborted();
  const records = resultsToPush(store, locked);
  for (const record of records) requireHonest(record, signatureOf(store, record, cache.trust.publicKeys));
  using storage = openStorage(cache.place, { ...cache.patience, signal: options.signal });
  let done = 0;
  const refused: Refusal[] = [];
  const puts = records.map(async (record) => {
    try {
      return [await putResult(storage, store, record, { afresh: false })];
    } catch (error) {
      if (!(error instanceof UnfitEntry)) throw error;
      refused.push({ instance: record.instance, reason: error.message });
      return [];
    } finally {
      options.onProgress(++done, records.length);
    }
  });
  const put = (await serving(Promise.all(puts))).flat();
  store.cache.save();
  return {
    results: put.length,
    files: put.reduce((sum, { files }) => sum + files, 0),
    bytes: put.reduce((sum, { bytes }) => sum + bytes, 0),
    refused,
  };
}

/** Returns the records of the locked results, and of all that they came from as far as it is here. */
function resultsToPush(store: Store, locked: readonly LockedResult[]): readonly ActionRecord[] {
  const results = locked.map(({ instance, key, tree }) => {
    const record = findResult(store, key);
    if (record?.tree === tree) return record;
    throw new InputError({
      found: record ? `outputs ${record.tree} of ${instance}` : `no result of ${instance}`,
      expected: `${tree}, which are locked`,
      fix:
        "Push where the results are that were locked, or run and lock again: deno task pipeline, then lock",
    });
  });
  const isLocked = new Set(results.map(({ key }) => key));
  return lineageOf(store, results).filter(({ key }) => isLocked.has(key) || findResult(store, key));
}
