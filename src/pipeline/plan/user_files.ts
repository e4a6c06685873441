/** The user's own files enter keys by their digests. They are read again only where they changed. */

import { InputError, type Location } from "../../errors.ts";
import type { Instance, Source, UserFiles } from "../graph/instance.ts";
import { type Digest, digestOf, digestOfFile } from "../store/digest.ts";
import { type Fingerprint, fingerprintOf, type StatCache } from "../store/stat_cache.ts";
import { digestOfTree, type FileEntry, filesIn, listingOf, type Tree, treeOf } from "../store/tree.ts";

/**
 * Returns the digest of a file's content, or of a folder's tree.
 *
 * @throws {InputError} where it is missing or can't be read
 */
export function digestOfUserFiles({ file, written, at }: UserFiles, cache: StatCache): Digest {
  try {
    return Deno.statSync(file).isFile ? entryOf(file, cache).digest : digestOfFolder(file, cache);
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
  return Deno.statSync(file).isFile ? file : undefined;
}

/** Returns the tree of a folder of the user, or undefined for a single file. */
export function userFolder({ file }: UserFiles, cache: StatCache): Tree | undefined {
  return Deno.statSync(file).isFile ? undefined : folderOf(file, cache);
}

/**
 * Checks, before anything runs, that the files of the user that instances need are there.
 *
 * @throws {InputError} where they aren't
 */
export function requireUserFiles(instances: readonly Instance[]): void {
  for (const source of instances.flatMap(({ inputs }) => [...inputs.values()])) {
    if (source.kind !== "userFiles") continue;
    try {
      Deno.statSync(source.file);
    } catch (error) {
      throw unreadable(source.written, source.at, error);
    }
  }
}

function unreadable(written: string, at: () => Location, cause: unknown): InputError {
  const missing = cause instanceof Deno.errors.NotFound;
  return new InputError({
    at: at(),
    found: missing ? `no file or folder ${written}` : `${written}, which can't be read (${cause})`,
    expected: "files to take as an input",
    fix: "Check the path: it is relative to the project's folder.",
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
