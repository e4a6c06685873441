/**
 * A pull from a remote cache takes the locked results that the cache has, with what they came from, and nothing
 * that it hasn't checked. What the cache hasn't got, or has differently, is named.
 */

import { fetchFile, keepOffer, missingFiles } from "../remote/fetch_files.ts";
import { type Offer, readOffer, type Trust } from "../remote/offer.ts";
import type { RemoteCache } from "../remote/remote_cache.ts";
import { openStorage, type Storage } from "../remote/storage.ts";
import { UnfitEntry } from "../remote/trouble.ts";
import { remove } from "../store/atomic.ts";
import { depthFirst } from "../store/depth_first.ts";
import type { ActionKey, Digest } from "../store/digest.ts";
import { namedParts } from "../store/input_parts.ts";
import { isMaker } from "../store/lineage.ts";
import { ownStore, type Waiting } from "../store/locks.ts";
import type { InputOrigin } from "../store/record.ts";
import { findResult } from "../store/results.ts";
import { makeStaging, type Store } from "../store/store.ts";
import type { FileEntry } from "../store/tree.ts";
import { showResult } from "../store/views.ts";
import type { LockedResult } from "./locked_results.ts";
import { type Refusal, serving } from "./transfer.ts";

export interface CachePullOptions extends Waiting {
  /** Called as bytes arrive with how many have, of all that are to be fetched. */
  onProgress(done: number, total: number): void;
}

export interface PulledFromCache {
  /** The locked results that weren't here before. */
  readonly results: readonly LockedResult[];
  /** How many files were fetched for them. */
  readonly files: number;
  readonly bytes: number;
  readonly refused: readonly Refusal[];
}

/**
 * Brings locked results into the store and shows them. Each action comes after those that it came from, its
 * files first and its record last, so that wherever this ends, what is there is whole. It waits for runs to
 * end, and runs wait for it.
 *
 * @throws {InputError} where the cache doesn't serve
 * @throws the signal's reason, where it was aborted
 */
export async function pullFromCache(
  store: Store,
  cache: RemoteCache,
  locked: readonly LockedResult[],
  options: CachePullOptions,
): Promise<PulledFromCache> {
  using _alone = await ownStore(store.root, options);
  options.signal.throwIfAborted();
  using storage = openStorage(cache.place, { ...cache.patience, signal: options.signal });
  const wanted = locked.filter(({ key, tree }) => findResult(store, key)?.tree !== tree);
  const refused = new Map<ActionKey, string>();
  const offers = await serving(lockedOffers(storage, wanted, cache.trust, refused));
  await serving(addMakers(storage, store, offers, locked, cache.trust));
  const staging = makeStaging(store);
  try {
    const arrivals = startFetching(storage, store, inOrder(offers), staging, options);
    for (const { offer, missing, arrival } of arrivals) {
      const failure = await arrival;
      const isKept = failure === undefined && keepOffer(store, offer, staging, missing);
      if (failure !== undefined && !(failure instanceof UnfitEntry)) await serving(Promise.reject(failure));
      if (!isKept) refused.set(offer.record.key, failure?.message ?? "not all of its files are there");
    }
    for (const { instance, key, tree } of locked) {
      const record = findResult(store, key);
      if (record?.tree === tree) showResult(store, instance, record);
    }
    store.cache.save();
    const fetched = new Map(
      arrivals.flatMap(({ missing }) => missing).map((file) => [file.digest, file.size]),
    );
    return {
      results: wanted.filter(({ key }) => !refused.has(key)),
      files: fetched.size,
      bytes: [...fetched.values()].reduce((sum, size) => sum + size, 0),
      refused: wanted.flatMap(({ instance, key }) => {
        const reason = refused.get(key);
        return reason === undefined ? [] : [{ instance, reason }];
      }),
    };
  } finally {
    remove(staging);
  }
}

/** Reads what the cache offers of the locked results, each of which has to be as it is locked. */
async function lockedOffers(
  storage: Storage,
  wanted: readonly LockedResult[],
  trust: Trust,
  refused: Map<ActionKey, string>,
): Promise<Map<ActionKey, Offer>> {
  const offers = await Promise.all(wanted.map(async ({ key, tree }) => {
    try {
      const offer = await readOffer(storage, key, trust);
      if (offer?.record.tree === tree) return [[key, offer] as const];
      refused.set(key, offer ? `it made ${offer.record.tree}, not ${tree}` : "the cache hasn't got it");
    } catch (error) {
      if (!(error instanceof UnfitEntry)) throw error;
      refused.set(key, error.message);
    }
    return [];
  }));
  return new Map(offers.flat());
}

/**
 * Adds the actions that the offers came from, as far as these have a witness. A record names them, but only the
 * inputs' digests are covered by the lock: so one that isn't locked counts only if a trusted key signed it and it
 * made what the input's digest says.
 */
async function addMakers(
  storage: Storage,
  store: Store,
  offers: Map<ActionKey, Offer>,
  locked: readonly LockedResult[],
  trust: Trust,
): Promise<void> {
  const known = new Set<ActionKey>(locked.map(({ key }) => key));
  for (let newest = [...offers.values()]; newest.length > 0;) {
    const origins = newest.flatMap(({ record }) => namedParts(record.inputs).map(({ part }) => part));
    const unknown = origins.filter(({ action }) =>
      action !== undefined && !known.has(action) && !findResult(store, action)
    );
    const makers = await Promise.all(unknown.map((origin) => makerOf(storage, origin, trust)));
    newest = makers.flat().filter(({ record: { key } }) => !offers.has(key));
    newest.forEach((offer) => offers.set(offer.record.key, offer));
    unknown.forEach(({ action }) => action && known.add(action));
  }
}

async function makerOf(storage: Storage, origin: InputOrigin, trust: Trust): Promise<readonly Offer[]> {
  if (origin.action === undefined) return [];
  try {
    const offer = await readOffer(storage, origin.action, trust);
    return offer && isMaker(offer.record, origin) && offer.signature.state === "valid" ? [offer] : [];
  } catch (error) {
    if (error instanceof UnfitEntry) return []; // the result is as locked, whatever became of what it came from
    throw error;
  }
}

/** Returns the offers, each after those that it came from. */
function inOrder(offers: ReadonlyMap<ActionKey, Offer>): readonly Offer[] {
  const madeBefore = (key: ActionKey) =>
    namedParts(offers.get(key)?.record.inputs ?? {}).flatMap(({ part: { action } }) =>
      action !== undefined && offers.has(action) ? [action] : []
    );
  return depthFirst(offers.keys(), madeBefore).flatMap((key) => offers.get(key) ?? []);
}

interface Arrival {
  readonly offer: Offer;
  readonly missing: readonly FileEntry[];
  /** Ends when all missing files are there, with what went wrong if something did. */
  readonly arrival: Promise<Error | undefined>;
}

/** Starts to fetch the files that the offers need and the store hasn't, each once. */
function startFetching(
  storage: Storage,
  store: Store,
  offers: readonly Offer[],
  staging: string,
  { onProgress }: CachePullOptions,
): readonly Arrival[] {
  const fetching = new Map<Digest, Promise<void>>();
  const needed = offers.map((offer) => ({ offer, missing: missingFiles(store, offer) }));
  const sizes = new Map(needed.flatMap(({ missing }) => missing).map(({ digest, size }) => [digest, size]));
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  let done = 0;
  const fetch = (file: FileEntry) => {
    const begun = fetching.get(file.digest) ??
      fetchFile(storage, file, staging, (bytes) => onProgress(done += bytes, total));
    fetching.set(file.digest, begun);
    return begun;
  };
  return needed.map(({ offer, missing }) => {
    const arrival = Promise.all(missing.map(fetch)).then(() => undefined, (error: Error) => error);
    return { offer, missing, arrival };
  });
}
