/** The remote cache that the user has configured: in the environment, or else in the user's configuration. */

import { InputError } from "../../errors.ts";
import { publicKeysIn } from "../../pipeline/provenance/keys.ts";
import { addressForm, cachePlaceAt } from "../../pipeline/remote/place.ts";
import type { RemoteCache } from "../../pipeline/remote/remote_cache.ts";
import { withNetAccess } from "../program/net_access.ts";
import { userConfiguration } from "./configuration.ts";
import { keyFolder } from "./key_folder.ts";

/**
 * Calls `work` with the cache at an address, or with the configured one, in a process that may reach it.
 *
 * @param address what the user gave on the command line; undefined for the configured cache
 * @throws {InputError} where there is none, or no cache can be at that address
 */
export async function withRemoteCache(
  address: string | undefined,
  work: (cache: RemoteCache) => Promise<void>,
): Promise<void> {
  const cache = remoteCacheOf(address);
  if (cache) return await withNetAccess(cache.place, () => work(cache));
  throw new InputError({
    found: "no remote cache",
    expected: `its address, ${addressForm}`,
    fix:
      "Give it on the command line, in CALIBRANT_CACHE_URL or in your configuration: docs/cache.md says how.",
  });
}

/** Calls `work` with the configured cache, in a process that may reach it, or with undefined where there is none. */
export async function withConfiguredCache(
  work: (cache: RemoteCache | undefined) => Promise<void>,
): Promise<void> {
  const cache = remoteCacheOf(undefined);
  return cache ? await withNetAccess(cache.place, () => work(cache)) : await work(undefined);
}

/** Says whether what a command was given is the address of a cache, and not a path. */
export function isCacheAddress(text: string): boolean {
  return /^(https?|s3):\/\//.test(text);
}

function remoteCacheOf(address: string | undefined): RemoteCache | undefined {
  const configured = userConfiguration().cache;
  const url = address ?? Deno.env.get("CALIBRANT_CACHE_URL") ?? configured?.url;
  if (url === undefined || url === "") return undefined;
  const mode = variable("CALIBRANT_CACHE_MODE", ["read", "read-write"]) ?? configured?.mode;
  const require = variable("CALIBRANT_CACHE_REQUIRE", ["signed"]) ?? configured?.require;
  return {
    place: cachePlaceAt(url, (name) => Deno.env.get(name)),
    trust: { publicKeys: publicKeysIn(keyFolder()), requireSigned: require === "signed" },
    mayPut: mode === "read-write",
  };
}

/** Reads a variable that has to be one of a few words. @throws {InputError} where it is another */
function variable<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
  const text = Deno.env.get(name);
  const word = words.find((word) => word === text);
  if (word !== undefined || text === undefined || text === "") return word;
  throw new InputError({ found: `"${text}" in ${name}`, expected: words.join(" or ") });
}
