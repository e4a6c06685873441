/**
 * A result's lineage is what it came from, as far as the store still tells: the actions before it, and the
 * contents that their records name.
 */

import { ifThere } from "./atomic.ts";
import { blobPath, readText } from "./blobs.ts";
import type { ActionKey, Digest } from "./digest.ts";
import { namedParts } from "./input_parts.ts";
import type { ActionRecord, InputOrigin } from "./record.ts";
import { readRecord } from "./results.ts";
import type { Store } from "./store.ts";
import { digestOfTree, parseListing, type Tree, treeWithin } from "./tree.ts";

/**
 * Lists these records and those of all actions that they came from, each once and before what it came from.
 */
export function lineageOf(store: Store, start: readonly ActionRecord[]): readonly ActionRecord[] {
  const madeAfter: ActionRecord[] = [];
  const seen = new Set<ActionKey>();
  const visit = (record: ActionRecord | undefined) => {
    if (!record || seen.has(record.key)) return;
    seen.add(record.key);
    for (const { part: { action } } of namedParts(record.inputs)) {
      if (action) visit(readRecord(store, action));
    }
    madeAfter.push(record);
  };
  start.toReversed().forEach(visit);
  return madeAfter.reverse();
}

/** Returns the blobs that a record names, each with a description for messages. */
export function blobsOf(store: Store, record: ActionRecord): ReadonlyMap<Digest, string> {
  const made = Object.entries(record.files).map(([name, { digest }]) => [digest, name] as const);
  const listings = namedParts(record.inputs)
    // What other actions made is in their own records; of the user's files only the listings of folders are
    // blobs.
    .filter(({ part: { digest, action } }) =>
      action === undefined && sizeOf(blobPath(store, digest)) !== undefined
    )
    .map(({ part: { digest, from } }) => [digest, `list of files in ${from}`] as const);
  return new Map([...made, [record.preImage.code, "list of modules"], ...listings]);
}

/** Returns a file's size in bytes, or undefined where there is none. */
export function sizeOf(path: string): number | undefined {
  return ifThere(() => Deno.lstatSync(path).size);
}

/**
 * Returns the files of an input that is a folder, whether of the user or of another action's output;
 * undefined for a single file, and where the store no longer tells.
 */
export function inputFolder(store: Store, { from, digest, action }: InputOrigin): Tree | undefined {
  if (action === undefined) return parseListing(readText(store, digest) ?? "");
  const tree = treeWithin(readRecord(store, action)?.files ?? {}, pathWithin(from));
  return digestOfTree(tree) === digest ? tree : undefined; // it may have been made anew, differently
}

/**
 * Returns the instance in an origin that is written as `instance:path`, or as `instance` for all of its
 * output.
 */
export function instanceIn(from: string): string {
  const end = from.indexOf(":");
  return end < 0 ? from : from.slice(0, end);
}

/**
 * Returns the path in an origin that is written as `instance:path`, or undefined where it is all of an
 * instance's output.
 */
export function pathWithin(from: string): string | undefined {
  return from.split(":", 2)[1];
}
