/** What a result came from, as far as the store still tells: the actions before it, and the contents that it names. */

import { ifThere } from "./atomic.ts";
import type { ActionKey, Digest } from "./digest.ts";
import { namedParts } from "./input_parts.ts";
import type { ActionRecord, InputOrigin } from "./record.ts";
import { blobPath, readRecord, readText, type Store } from "./store.ts";
import { digestOfTree, parseListing, type Tree, treeWithin } from "./tree.ts";

/** Lists these records and all that they came from, each once and before what it came from. */
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

/** The blobs that a record speaks of, by digest, with a name that people know. */
export function blobsOf(store: Store, record: ActionRecord): ReadonlyMap<Digest, string> {
  const made = Object.entries(record.files).map(([name, { digest }]) => [digest, name] as const);
  const listings = namedParts(record.inputs)
    // Of the user's files only the listings of folders are blobs.
    .filter(({ part: { digest, action } }) =>
      action === undefined && sizeOf(blobPath(store, digest)) !== undefined
    )
    .map(({ part: { digest, from } }) => [digest, `list of files in ${from}`] as const);
  return new Map([...made, [record.preImage.code, "list of modules"], ...listings]);
}

/** A file's size in bytes; undefined where there is none. */
export function sizeOf(path: string): number | undefined {
  return ifThere(() => Deno.lstatSync(path).size);
}

/**
 * The files of an input that is a folder, of the user or of what another action made; undefined for a single file, and
 * where the store no longer tells.
 */
export function inputFolder(store: Store, { from, digest, action }: InputOrigin): Tree | undefined {
  if (action === undefined) return parseListing(readText(store, digest) ?? "");
  const tree = treeWithin(readRecord(store, action)?.files ?? {}, pathWithin(from));
  return digestOfTree(tree) === digest ? tree : undefined; // it may have been made differently since
}

/** The instance in an origin's `instance:path`, or `instance` for all of its output. */
export function instanceIn(from: string): string {
  const end = from.indexOf(":");
  return end < 0 ? from : from.slice(0, end);
}

/** The path in an origin's `instance:path`; undefined for all of an instance's output. */
export function pathWithin(from: string): string | undefined {
  return from.split(":", 2)[1];
}
