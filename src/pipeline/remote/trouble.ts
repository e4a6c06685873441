/** What goes wrong with a remote cache never ends a run: it is told, and worked around. */

/** The cache doesn't serve: it is down, too slow, full, or refuses whoever asks. */
export class CacheUnavailable extends Error {
  override readonly name = "CacheUnavailable";
}

/** What the cache has of one result isn't what it is to be, or it doesn't take one. */
export class UnfitEntry extends Error {
  override readonly name = "UnfitEntry";
}
