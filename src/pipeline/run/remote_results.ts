/**
 * A run asks the remote cache for a result before it makes one, and puts there what it has made. Whatever goes
 * wrong with that is told once, and the run does without.
 */

import type { Instance } from "../graph/instance.ts";
import type { Action } from "../plan/plan.ts";
import { userFolderListings } from "../plan/user_files.ts";
import { outputMistake } from "../process/attempt.ts";
import { fetchFiles, keepOffer, missingFiles } from "../remote/fetch_files.ts";
import { readOffer } from "../remote/offer.ts";
import { putResult } from "../remote/put_result.ts";
import type { RemoteCache } from "../remote/remote_cache.ts";
import { openStorage } from "../remote/storage.ts";
import { CacheUnavailable, UnfitEntry } from "../remote/trouble.ts";
import { remove } from "../store/atomic.ts";
import { storeText } from "../store/blobs.ts";
import type { ActionKey } from "../store/digest.ts";
import { whileShared } from "../store/locks.ts";
import type { ActionRecord } from "../store/record.ts";
import { makeStaging, type Store } from "../store/store.ts";
import type { RunEvent } from "./events.ts";

export interface RemoteResults extends AsyncDisposable {
  /**
   * Brings an action's result into the store. Returns how many bytes came for it, and undefined where the cache
   * has none that can be taken.
   */
  fetch(instance: Instance, action: Action): Promise<number | undefined>;
  /** Starts to put a result that the run has made; the run's end waits for it. */
  put(record: ActionRecord): void;
}

export interface RemoteResultsOptions {
  readonly store: Store;
  /** Ends what is being fetched. */
  readonly stopped: AbortSignal;
  /** Ends what is being put as well. */
  readonly signal: AbortSignal;
  report(event: RunEvent): void;
}

/** Opens a remote cache for a run. */
export function openRemoteResults(
  { place, trust, mayPut, patience }: RemoteCache,
  { store, stopped, signal, report }: RemoteResultsOptions,
): RemoteResults {
  const reading = openStorage(place, { ...patience, signal: stopped });
  const writing = openStorage(place, { ...patience, signal });
  const serves = { reading: true, writing: mayPut };
  const refused = new Set<ActionKey>();
  const puts = new Set<Promise<void>>();
  const tell = (text: string) => report({ type: "remoteCache", text });

  async function fetch(instance: Instance, { key, code }: Action): Promise<number | undefined> {
    const { name, inputs } = instance;
    const offer = await readOffer(reading, key, trust);
    if (!offer) return undefined;
    requireOutputs(instance, offer.record);
    whileShared(store.root, () => {
      storeText(store, code.manifest);
      userFolderListings(inputs.values(), store.cache).forEach((listing) => storeText(store, listing));
    });
    const missing = missingFiles(store, offer);
    const total = missing.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    const onBytes = (bytes: number) => {
      done += bytes;
      report({ type: "fetching", instance: name, done, total });
    };
    onBytes(0);
    const staging = makeStaging(store);
    try {
      await fetchFiles(reading, missing, staging, onBytes);
      return whileShared(store.root, () => keepOffer(store, offer, staging, missing)) ? total : undefined;
    } finally {
      remove(staging);
    }
  }

  async function put(record: ActionRecord): Promise<void> {
    try {
      await putResult(writing, store, record, { afresh: refused.has(record.key) });
    } catch (error) {
      if (signal.aborted || !serves.writing) return;
      const reason = messageOf(error);
      if (!(error instanceof CacheUnavailable)) {
        return tell(`${place.name} hasn't got ${record.instance}: ${reason}`);
      }
      serves.writing = false;
      tell(`${reason}: the results of this run aren't put there`);
    }
  }

  return {
    async fetch(instance, action) {
      if (!serves.reading) return undefined;
      try {
        return await fetch(instance, action);
      } catch (error) {
        if (stopped.aborted || !serves.reading) return undefined;
        const reason = messageOf(error);
        if (error instanceof CacheUnavailable) {
          serves.reading = serves.writing = false;
          tell(`${reason}: the run does without it`);
        } else {
          refused.add(action.key);
          tell(`${place.name} has something for ${instance.name} that isn't taken: ${reason}`);
        }
        return undefined;
      }
    },
    put(record) {
      if (!serves.writing) return;
      const ending = put(record).finally(() => puts.delete(ending));
      puts.add(ending);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(puts);
      reading[Symbol.dispose]();
      writing[Symbol.dispose]();
    },
  };
}

/** @throws {UnfitEntry} where a record hasn't exactly the outputs that the stage declares */
function requireOutputs(instance: Instance, { files }: ActionRecord): void {
  const written = new Set(Object.keys(files).map((path) => path.split("/", 1).join()));
  if (outputMistake(instance, [...written]) === undefined) return;
  throw new UnfitEntry("its record hasn't the outputs that the stage declares");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
