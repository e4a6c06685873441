/**
 * A tree describes a folder by its content: the path of each file in it → the file's digest and size. In a
 * stage's output an empty folder counts too: its path ends in a slash, and its content is that of an empty
 * file. In the user's folders, empty ones leave no trace.
 */

import { join } from "node:path";
import { z } from "zod";
import { ifThere, oddityOf } from "./atomic.ts";
import { canonicalJson } from "./canonical_json.ts";
import { type Digest, digestOf, digestSchema } from "./digest.ts";

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
 * @throws {UnreadableEntries} where anything in it isn't a file or a folder
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

/** What lies at a path; `what` says in words what is neither a file nor a folder. */
type Kind = "file" | "folder" | { readonly what: string };

/**
 * Looks at an entry of a folder.
 *
 * @param above the folders that this folder lies in: a link to one of them would lead on for ever
 */
function entryKind(folder: string, entry: Deno.DirEntry, above: readonly string[]): Kind {
  const path = join(folder, entry.name);
  // Deno shows the bytes of such a name that aren't UTF-8 as U+FFFD, and finds nothing under the name.
  if (entry.name.includes("\ufffd") && !ifThere(() => Deno.lstatSync(path))) {
    return { what: "a name that isn't UTF-8" };
  }
  if (entry.isFile) return "file";
  if (entry.isDirectory) return "folder";
  const kind = kindAt(path);
  const leadsBack = () => {
    const { dev, ino } = Deno.statSync(path);
    return [folder, ...above].some((outer) => {
      const info = Deno.statSync(outer);
      return info.dev === dev && info.ino === ino;
    });
  };
  return kind === "folder" && leadsBack() ? { what: "a link to a folder that it lies in" } : kind;
}

/**
 * Looks at what lies at a path, or where links lead to from there.
 *
 * @throws {Deno.errors.NotFound} where nothing is there
 */
export function kindAt(path: string): Kind {
  const { isSymlink } = Deno.lstatSync(path);
  const info = ifReached(path);
  if (!info) return { what: `a link to ${Deno.readLinkSync(path)}, where nothing is` };
  const what = oddityOf(info);
  if (what === undefined) return info.isFile ? "file" : "folder";
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
