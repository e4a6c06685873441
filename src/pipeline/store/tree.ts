/**
 * A tree describes a folder by its content: the path of each file in it → the file's digest and size. Empty
 * folders leave no trace.
 */

import { join } from "node:path";
import { z } from "zod";
import { canonicalJson, type Digest, digestOf, digestSchema } from "./digest.ts";

const fileEntrySchema = z.strictObject({ digest: digestSchema, size: z.int().describe("in bytes") })
  .readonly();

export const treeSchema = z.record(z.string(), fileEntrySchema);

export type FileEntry = z.output<typeof fileEntrySchema>;

/** The files of a folder by path, with forward slashes. */
export type Tree = Readonly<Record<string, FileEntry>>;

/**
 * Makes the tree of a folder, whose files are each read by `entryOf`.
 *
 * @throws {Deno.errors.NotFound} where there is no such folder
 */
export function treeOf(folder: string, entryOf: (path: string) => FileEntry): Tree {
  return Object.fromEntries(filesIn(folder).map((path) => [path, entryOf(join(folder, path))]));
}

/** Lists the paths of all files in a folder, relative to it and sorted. Links count as what they point at. */
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

/** Writes a tree's listing, which is canonical JSON; the tree's digest is the listing's. */
export function listingOf(tree: Tree): string {
  return canonicalJson(tree);
}

/** Reads a listing, or returns undefined for a text that isn't one. */
export function parseListing(text: string): Tree | undefined {
  try {
    return treeSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Returns a tree's digest, that of its listing. */
export function digestOfTree(tree: Tree): Digest {
  return digestOf(listingOf(tree));
}

/**
 * Returns the files below a path within a tree, or all of them for no path; none where the path is a single
 * file's.
 */
export function treeWithin(tree: Tree, path: string | undefined): Tree {
  const prefix = path === undefined ? "" : `${path}/`;
  const inner = Object.entries(tree).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(inner.map(([name, entry]) => [name.slice(prefix.length), entry]));
}

/** Returns the file at a path within a tree, or undefined where there is none. */
export function fileIn(tree: Tree, path: string): FileEntry | undefined {
  return Object.hasOwn(tree, path) ? tree[path] : undefined;
}

/**
 * Returns the digest of what lies at a path within a tree: a file's own, or that of the folder's tree.
 * Undefined where nothing lies there.
 */
export function digestWithin(tree: Tree, path: string | undefined): Digest | undefined {
  const file = path === undefined ? undefined : fileIn(tree, path);
  if (file) return file.digest;
  const inner = treeWithin(tree, path);
  return path === undefined || Object.keys(inner).length > 0 ? digestOfTree(inner) : undefined;
}
