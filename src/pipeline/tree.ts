/** A folder as content: the path of each file in it → its digest and size. Empty folders leave no trace. */

import { join } from "node:path";
import { canonicalJson, type Digest, digestOf } from "./digest.ts";

export interface FileEntry {
  readonly digest: Digest;
  /** In bytes. */
  readonly size: number;
}

/** Sorted by path; paths have forward slashes. */
export type Tree = Readonly<Record<string, FileEntry>>;

/** The tree of the files in a folder, each read by `entryOf`. @throws {Deno.errors.NotFound} for no such folder */
export function treeOf(folder: string, entryOf: (path: string) => FileEntry): Tree {
  return Object.fromEntries(filesIn(folder).map((path) => [path, entryOf(join(folder, path))]));
}

/** Paths of all files in a folder, relative to it and sorted; links count as what they point at. */
export function filesIn(folder: string): readonly string[] {
  return walk(folder, "").sort();
}

function walk(folder: string, prefix: string): string[] {
  return [...Deno.readDirSync(join(folder, prefix))].flatMap((entry) => {
    const path = `${prefix}${entry.name}`;
    const isDirectory = entry.isSymlink ? Deno.statSync(join(folder, path)).isDirectory : entry.isDirectory;
    return isDirectory ? walk(folder, `${path}/`) : [path];
  });
}

export function digestOfTree(tree: Tree): Digest {
  return digestOf(canonicalJson(tree));
}

/**
 * The digest of what lies at a path within a tree: a file's own, or that of the folder's tree; undefined where
 * nothing lies there.
 */
export function digestWithin(tree: Tree, path: string | undefined): Digest | undefined {
  if (path === undefined) return digestOfTree(tree);
  if (Object.hasOwn(tree, path)) return tree[path].digest;
  const inner = Object.entries(tree).flatMap(([name, entry]) =>
    name.startsWith(`${path}/`) ? [[name.slice(path.length + 1), entry] as const] : []
  );
  return inner.length > 0 ? digestOfTree(Object.fromEntries(inner)) : undefined;
}
