import type { InputOrigin } from "./record.ts";
import { readRecord, readText, type Store } from "./store.ts";
import { digestOfTree, parseListing, type Tree, treeWithin } from "./tree.ts";

/**
 * The files of an input that is a folder, of the user or of what another action made; undefined for a single file, and
 * where the store no longer tells.
 */
export function inputFolder(store: Store, { from, digest, action }: InputOrigin): Tree | undefined {
  if (action === undefined) return parseListing(readText(store, digest) ?? "");
  const tree = treeWithin(readRecord(store, action)?.files ?? {}, pathWithin(from));
  return digestOfTree(tree) === digest ? tree : undefined; // it may have been made differently since
}

/** The path within an output, of an input written as `stage:path`. */
export function pathWithin(from: string): string | undefined {
  return from.split(":", 2)[1];
}
