/** The user's own files enter keys by their digests. They are read again only where they changed. */

import { isAbsolute, join } from "node:path";
import { InputError, type Location } from "../../errors.ts";
import type { Instance, Source, UserFiles } from "../graph/instance.ts";
import { ifThere } from "../store/atomic.ts";
import { type Digest, digestOf, digestOfFile } from "../store/digest.ts";
import { type Fingerprint, fingerprintOf, type StatCache } from "../store/stat_cache.ts";
import {
  digestOfTree,
  type FileEntry,
  filesIn,
  kindAt,
  listingOf,
  type Tree,
  treeOf,
  UnreadableEntries,
} from "../store/tree.ts";

/**
 * Returns the digest of a file's content, or of a folder's tree.
 *
 * @throws {InputError} where it is missing or can't be read
 */
export function digestOfUserFiles({ file, written, at }: UserFiles, cache: StatCache): Digest {
  try {
    return isSingle(file) ? entryOf(file, cache).digest : digestOfFolder(file, cache);
  } catch (error) {
    throw unreadable(written, at, error);
  }
}

/**
 * Writes the listings of those inputs that are folders of the user. A listing's digest stands for its folder
 * in keys.
 */
export function userFolderListings(sources: Iterable<Source>, cache: StatCache): readonly string[] {
  return [...sources].flatMap((source) => {
    const folder = source.kind === "userFiles" ? userFolder(source, cache) : undefined;
    return folder ? [listingOf(folder)] : [];
  });
}

/** Returns the path of a single file of the user, or undefined for a folder. */
export function userFileName({ file }: UserFiles): string | undefined {
  return isSingle(file) ? file : undefined;
}

/** Returns the tree of a folder of the user, or undefined for a single file. */
export function userFolder({ file }: UserFiles, cache: StatCache): Tree | undefined {
  return isSingle(file) ? undefined : folderOf(file, cache);
}

/**
 * Checks, before anything runs, that the files of the user that instances need are there and can be read.
 *
 * @param store the folder of the results, which no input may hold, since it changes while stages run
 * @throws {InputError} where they aren't
 */
export function requireUserFiles(instances: readonly Instance[], store: string): void {
  for (const source of instances.flatMap(({ inputs }) => [...inputs.values()])) {
    if (source.kind !== "userFiles") continue;
    const { file, written, at } = source;
    try {
      if (isSingle(file)) continue;
      if (holdsStore(file, store)) throw storeWithin(written, at);
      filesIn(file);
    } catch (error) {
      throw error instanceof InputError ? error : unreadable(written, at, error);
    }
  }
}

function holdsStore(folder: string, store: string): boolean {
  const isWithin = (outer: string, inner: string) => `${inner}/`.startsWith(join(outer, "/"));
  const realStore = ifThere(() => Deno.realPathSync(store)); // there is none before the first run
  return isWithin(folder, store) ||
    realStore !== undefined && isWithin(Deno.realPathSync(folder), realStore);
}

function storeWithin(written: string, at: () => Location): InputError {
  return new InputError({
    at: at(),
    found: `${written}, which holds the results of stages`,
    expected: "files that don't change while stages run",
    fix: "Take a folder beside artifacts/.",
  });
}

/**
 * Says whether a single file lies at a path, rather than a folder.
 *
 * @throws {UnreadableEntries} where it is neither
 */
function isSingle(path: string): boolean {
  const kind = kindAt(path);
  if (typeof kind === "object") throw new UnreadableEntries(new Map([[path, kind.what]]));
  return kind === "file";
}

const mostNamed = 20; // of what can't be read

function unreadable(written: string, at: () => Location, cause: unknown): InputError {
  if (cause instanceof UnreadableEntries) return unreadableEntries(written, at, cause);
  const missing = cause instanceof Deno.errors.NotFound;
  return new InputError({
    at: at(),
    found: missing ? `no file or folder ${written}` : `${written}, which can't be read (${cause})`,
    expected: "files to take as an input",
    fix: "Check the path: it is relative to the project's folder.",
  }, { cause });
}

/** Names each entry, by its path within the folder, that isn't a file or a folder. */
function unreadableEntries(written: string, at: () => Location, cause: UnreadableEntries): InputError {
  const { entries } = cause;
  const named = [...entries].sort().slice(0, mostNamed).map(([path, what]) => {
    // A name may have line breaks and the like.
    const name = /\p{C}/u.test(path) ? JSON.stringify(path) : path;
    return isAbsolute(path) ? `${written}, which is ${what}` : `${name} (${what})`;
  });
  const more = entries.size > mostNamed ? ` and ${entries.size - mostNamed} more` : "";
  const [first = ""] = entries.keys();
  return new InputError({
    at: at(),
    found: isAbsolute(first) ? named.join() : `in ${written}: ${named.join(", ")}${more}`,
    expected: "only files and folders, and links to such",
    fix: "Remove or rename what else is there, or take other files as the input.",
  }, { cause });
}

/**
 * Returns the digest of a folder. Where none of its files changed, each is looked at once and not read,
 * though there may be thousands.
 */
function digestOfFolder(folder: string, cache: StatCache): Digest {
  const name = `folder ${folder}`;
  const fingerprint = folderFingerprint(folder);
  const known = cache.recall(name, fingerprint);
  if (known !== undefined) return known as Digest;
  const digest = digestOfTree(folderOf(folder, cache));
  cache.remember(name, fingerprint, digest);
  return digest;
}

/** Returns one fingerprint of all files in a folder, or undefined where one of them is too fresh. */
function folderFingerprint(folder: string): Fingerprint | undefined {
  const lines: string[] = [];
  for (const path of filesIn(folder)) {
    const fingerprint = fingerprintOf(Deno.statSync(`${folder}/${path}`));
    if (fingerprint === undefined) return undefined;
    lines.push(`${fingerprint} ${path}`);
  }
  return digestOf(lines.join("\0")) as string as Fingerprint;
}

function folderOf(folder: string, cache: StatCache): Tree {
  return treeOf(folder, (path) => entryOf(path, cache));
}

function entryOf(path: string, cache: StatCache): FileEntry {
  const info = Deno.statSync(path);
  const fingerprint = fingerprintOf(info);
  const known = cache.recall(`file ${path}`, fingerprint);
  if (known !== undefined) return { digest: known as Digest, size: info.size };
  const digest = digestOfFile(path);
  cache.remember(`file ${path}`, fingerprint, digest);
  return { digest, size: info.size };
}
