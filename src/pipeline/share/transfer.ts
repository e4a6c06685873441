/** What pushes to a remote cache and pulls from it have in common. */

import { InputError } from "../../errors.ts";
import { CacheUnavailable } from "../remote/trouble.ts";

/** A result that wasn't taken, and why. */
export interface Refusal {
  readonly instance: string;
  readonly reason: string;
}

/**
 * Waits for something that needs the cache.
 *
 * @throws {InputError} where the cache doesn't serve, since this was asked for by a person
 */
export async function serving<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof CacheUnavailable)) throw error;
    throw new InputError({
      found: error.message,
      expected: "a cache that serves",
      fix:
        "Look whether it runs, and whether the address and the credentials are right; docs/cache.md says where they stand.",
    }, { cause: error });
  }
}
