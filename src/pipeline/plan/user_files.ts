/** Digests of the user's own files, read again only where they changed. */

import { InputError, type Location } from "../../errors.ts";
import type { Instance, Source } from "../graph/instance.ts";
import { type Digest, digestOf, digestOfFile } from "../store/digest.ts";
import { type Fingerprint, fingerprintOf, type StatCache } from "../store/stat_cache.ts";
import { digestOfTree, type FileEntry, filesIn, listingOf, type Tree, treeOf } from "../store/tree.ts";

type UserFiles = Extract<Source, { kind: "userFiles" }>;

/**
 * The digest of a file's content, or of a folder's tree.
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

/** The listings of the folders of the user among these inputs: each has the digest that stands for it in keys. */
export function userFolderListings(sources: Iterable<Source>, cache: StatCache): readonly string[] {
  return [...sources].flatMap((source) => {
    const folder = source.kind === "userFiles" ? userFolder(source, cache) : undefined;
    return folder ? [listingOf(folder)] : [];
  });
}

/** The files in a folder of the user; undefined for a single file. */
export function userFolder({ file }: UserFiles, cache: StatCache): Tree | undefined {
  return Deno.statSync(file).isFile ? undefined : folderOf(file, cache);
}

/** Checks that what instances need of the user is there, before anything runs. @throws {InputError} where it isn't */
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

/** Where no file in it changed, a folder of thousands of files is worth one look at each, and no more. */
function digestOfFolder(folder: string, cache: StatCache): Digest {
  const name = `folder ${folder}`;
  const fingerprint = folderFingerprint(folder);
  const known = cache.recall(name, fingerprint);
  if (known !== undefined) return known as Digest;
  const digest = digestOfTree(folderOf(folder, cache));
  cache.remember(name, fingerprint, digest);
  return digest;
}

/** Of all files in a folder together; undefined where one of them is too fresh. */
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
