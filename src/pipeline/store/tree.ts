/**
 * A tree describes a folder by its content: the path of each file in it → the file's digest and size. Empty
 * folders leave no trace.
 */

import { join } from "node:path";
import { z } from "zod";
import { ifThere } from "./atomic.ts";
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

/** Says that a folder holds what can't be read like a file: each such path, and what is there. */
export class UnreadableEntries extends Error {
  override readonly name = "UnreadableEntries";

  constructor(readonly entries: ReadonlyMap<string, string>) {
    super([...entries].map(([path, what]) => `${path} is ${what}`).join(", "));
  }
}

/**
 * Lists the paths of all files in a folder, relative to it and sorted. Links count as what they point at.
 * Everything is looked at and nothing opened, since a pipe or a device might never end.
 *
 * @throws {UnreadableEntries} where anything in it isn't a file or a folder
 */
export function filesIn(folder: string): readonly string[] {
  const files: string[] = [];
  const unreadable = new Map<string, string>();
  const walk = (prefix: string, above: readonly string[]) => {
    const here = join(folder, prefix);
    for (const entry of Deno.readDirSync(here)) {
      const path = `${prefix}${entry.name}`;
      const kind = entryKind(here, entry, above);
      if (kind === "file") files.push(path);
      else if (kind === "folder") walk(`${path}/`, [...above, here]);
      else unreadable.set(path, kind.what);
    }
  };
  walk("", []);
  if (unreadable.size > 0) throw new UnreadableEntries(unreadable);
  return files.sort();
}

/** What lies at a path. `what` says in words what is neither a file nor a folder. */
type Kind = "file" | "folder" | { readonly what: string };

/** @param above the folders that the entry's own folder lies in, to which a link would lead back for ever */
function entryKind(folder: string, entry: Deno.DirEntry, above: readonly string[]): Kind {
  const path = join(folder, entry.name);
  // Deno shows the bytes of such a name that aren't UTF-8 as U+FFFD, and finds nothing under the name.
  if (entry.name.includes("\ufffd") && !ifThere(() => Deno.lstatSync(path))) {
    return { what: "a name that isn't UTF-8" };
  }
  if (entry.isFile) return "file";
  if (entry.isDirectory) return "folder";
  const kind = kindOf(path);
  const leadsBack = () => {
    const { dev, ino } = Deno.statSync(path);
    return [folder, ...above].map((path) => Deno.statSync(path)).some((info) =>
      info.dev === dev && info.ino === ino
    );
  };
  return kind === "folder" && leadsBack() ? { what: "a link to a folder that it lies in" } : kind;
}

/**
 * Looks at what lies at a path, or where links lead to from there.
 *
 * @throws {Deno.errors.NotFound} where nothing is there
 */
export function kindOf(path: string): Kind {
  const { isSymlink } = Deno.lstatSync(path);
  const info = ifReached(path);
  if (!info) return { what: `a link to ${Deno.readLinkSync(path)}, where nothing is` };
  if (info.isFile) return "file";
  if (info.isDirectory) return "folder";
  const what = info.isFifo ? "a named pipe" : info.isSocket ? "a socket" : "a device";
  return { what: isSymlink ? `a link to ${what}` : what };
}

/** Returns what is at a path, or undefined where it is a link that leads nowhere. */
function ifReached(path: string): Deno.FileInfo | undefined {
  try {
    return ifThere(() => Deno.statSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.FilesystemLoop) return undefined;
    throw error;
  }
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
