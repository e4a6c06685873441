/** What results need of the store. */

import { ifThere } from "./absent.ts";
import type { Digest } from "./digest.ts";
import type { ActionRecord } from "./record.ts";
import { blobPath, type Store } from "./store.ts";

/** The blobs that a record speaks of, by digest, with a name that people know. */
export function blobsOf(store: Store, record: ActionRecord): ReadonlyMap<Digest, string> {
  const made = Object.entries(record.files).map(([name, { digest }]) => [digest, name] as const);
  const listings = Object.values(record.inputs).flatMap((variants) => Object.values(variants))
    // Of the user's files only the listings of folders are blobs.
    .filter(({ digest, action }) => action === undefined && sizeOf(blobPath(store, digest)) !== undefined)
    .map(({ digest, from }) => [digest, `list of files in ${from}`] as const);
  return new Map([...made, [record.preImage.code, "list of modules"], ...listings]);
}

/** A file's size in bytes; undefined where there is none. */
export function sizeOf(path: string): number | undefined {
  return ifThere(() => Deno.lstatSync(path).size);
}
