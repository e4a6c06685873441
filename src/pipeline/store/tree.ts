/**
 * A tree describes a folder by its content: the path of each file in it → the file's digest and size. In a
 * stage's output an empty folder counts too: its path ends in a slash, and its content is that of an empty
 * file. In the user's folders, empty ones leave no trace.
 */

import { join } from "node:path";
import { z } from "zod";
import { canonicalJson, type Digest, digestOf, digestSchema } from "./digest.ts";

declare const treeBrand: unique symbol;

const fileEntrySchema = z.strictObject({ digest: digestSchema, size: z.int().min(0).describe("in bytes") })
  .readonly();

export type FileEntry = z.output<typeof fileEntrySchema>;

/** The files of a folder by path, with forward slashes. No path leads out of the folder. */
export type Tree = Readonly<Record<string, FileEntry>> & { readonly [treeBrand]: true };

const mostBytes = 4096; // of a path, as on Linux

/** Says whether a path leads to something within a folder, wherever the folder lies. */
export function staysWithin(path: string): boolean {
  return !path.includes("\0") && new TextEncoder().encode(path).length <= mostBytes &&
    path.split("/").every((part) => !["", ".", ".."].includes(part)) && !path.split(/[/\\]/).includes("..");
}

export const filePathSchema = z.string().refine(staysWithin, "a path within its folder is expected");

/** Reads a tree by hand, since a record of zod drops a file that is named `__proto__`. */
export const treeSchema = z.unknown().transform((value, { addIssue }): Tree => {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = Object.entries(isObject ? value : {}).map(([path, entry]) =>
    [path, fileEntrySchema.safeParse(entry).data] as const
  );
  if (!isObject || entries.some(([, entry]) => entry === undefined)) {
    addIssue("no list of files");
    return z.NEVER;
  }
  const outside = entries.find(([path]) => !staysWithin(path.replace(/\/$/, "")));
  if (outside) addIssue(`an output ${outside[0].slice(0, 200)}`);
  return outside ? z.NEVER : Object.fromEntries(entries) as Tree;
});

const emptyFolder: FileEntry = { digest: digestOf(""), size: 0 };

/**
 * Makes the tree of a folder, whose files are each read by `entryOf`.
 *
 * @throws {Deno.errors.NotFound} where there is no such folder
 */
export function treeOf(folder: string, entryOf: (path: string) => FileEntry): Tree {
  return Object.fromEntries(filesIn(folder).map((path) => [path, entryOf(join(folder, path))])) as Tree;
}

/**
 * Makes the tree of a folder that a stage has filled, or that shows what one has made. Links aren't followed,
 * and `entryOf` is given them like files.
 */
export function outputTreeOf(folder: string, entryOf: (path: string) => FileEntry): Tree {
  const entries = outputPathsIn(folder).map((path) =>
    [path, isFolderPath(path) ? emptyFolder : entryOf(join(folder, path))] as const
  );
  return Object.fromEntries(entries) as Tree;
}

/** Lists the paths of what lies in an output, sorted: files, links as they are, and empty folders. */
export function outputPathsIn(folder: string, prefix = ""): readonly string[] {
  const entries = [...Deno.readDirSync(join(folder, prefix))];
  if (entries.length === 0 && prefix !== "") return [prefix];
  return entries.flatMap(({ name, isDirectory }) =>
    isDirectory ? outputPathsIn(folder, `${prefix}${name}/`) : [`${prefix}${name}`]
  ).sort();
}

/** Says whether a path within a tree stands for an empty folder. */
export function isFolderPath(path: string): boolean {
  return path.endsWith("/");
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
  const inner = Object.entries(tree).filter(([name]) => name.startsWith(prefix) && name !== prefix);
  return Object.fromEntries(inner.map(([name, entry]) => [name.slice(prefix.length), entry])) as Tree;
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
  const isThere = path === undefined || Object.keys(inner).length > 0 || Object.hasOwn(tree, `${path}/`);
  return isThere ? digestOfTree(inner) : undefined;
}
