import type { CachePlace } from "./place.ts";
import type { StorageOptions } from "./storage.ts";
import type { Trust } from "./offer.ts";

/** A cache that others share, and what may be done with it. */
export interface RemoteCache {
  readonly place: CachePlace;
  readonly trust: Trust;
  /** Whether a run puts what it makes there. */
  readonly mayPut: boolean;
  /** How long to wait for it, where that isn't as usual. */
  readonly patience?: Omit<StorageOptions, "signal">;
}
