/**
 * A result's lineage is what it came from, as far as the store still tells: the actions before it, and the
 * contents that their records name.
 */

import { ifThere } from "./atomic.ts";
import { blobPath, readText } from "./blobs.ts";
import { depthFirst } from "./depth_first.ts";
import type { ActionKey, Digest } from "./digest.ts";
import { namedParts } from "./input_parts.ts";
import type { ActionRecord, InputOrigin } from "./record.ts";
import { readRecord } from "./results.ts";
import type { Store } from "./store.ts";
import { digestOfTree, digestWithin, parseListing, type Tree, treeWithin } from "./tree.ts";

/**
 * Lists these records and those of all actions that they came from, each once and before what it came from.
 * An action that a record names counts only if it made what the record's input was: the one that did may have
 * been made anew since, differently, and a record from elsewhere may name any.
 */
export function lineageOf(store: Store, start: readonly ActionRecord[]): readonly ActionRecord[] {
  const records = new Map<ActionKey, ActionRecord | undefined>(start.map((record) => [record.key, record]));
  const madeBefore = (key: ActionKey) =>
    namedParts(records.get(key)?.inputs ?? {}).flatMap(({ part }) => {
      const { action } = part;
      if (action === undefined) return [];
      if (!records.has(action)) records.set(action, readRecord(store, action));
      const maker = records.get(action);
      return maker && isMaker(maker, part) ? [action] : [];
    });
  const keys = depthFirst(start.toReversed().map(({ key }) => key), madeBefore);
  return keys.toReversed().flatMap((key) => records.get(key) ?? []);
}

/** Says whether an action made what an input was, as the input's origin says. */
export function isMaker({ files }: ActionRecord, { from, digest }: InputOrigin): boolean {
  return digestWithin(files, pathWithin(from)) === digest;
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
  const maker = readRecord(store, action);
  const tree = maker && treeWithin(maker.files, pathWithin(from));
  return tree && digestOfTree(tree) === digest ? tree : undefined; // it may have been made anew, differently
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
  const end = from.indexOf(":");
  return end < 0 ? undefined : from.slice(end + 1);
}
