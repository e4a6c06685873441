/** Digests of the user's own files, read again only where they changed. */

import { InputError, type Location } from "../errors.ts";
import { type Digest, digestOfFile } from "./digest.ts";
import type { Instance, Source } from "./graph.ts";
import { fingerprintOf, type StatCache } from "./stat_cache.ts";
import { digestOfTree, type FileEntry, treeOf } from "./tree.ts";

type UserFiles = Extract<Source, { kind: "files" }>;

/**
 * The digest of a file's content, or of a folder's tree.
 *
 * @throws {InputError} where it is missing or can't be read
 */
export function digestOfFiles({ file, written, at }: UserFiles, cache: StatCache): Digest {
  try {
    const isFile = Deno.statSync(file).isFile;
    return isFile ? entryOf(file, cache).digest : digestOfTree(treeOf(file, (path) => entryOf(path, cache)));
  } catch (error) {
    throw unreadable(written, at, error);
  }
}

/** Checks that what instances need of the user is there, before anything runs. @throws {InputError} where it isn't */
export function requireFiles(instances: readonly Instance[]): void {
  for (const source of instances.flatMap(({ inputs }) => [...inputs.values()])) {
    if (source.kind !== "files") continue;
    try {
      Deno.statSync(source.file);
    } catch (error) {
      throw unreadable(source.written, source.at, error);
    }
  }
}

function unreadable(written: string, at: Location, cause: unknown): InputError {
  const missing = cause instanceof Deno.errors.NotFound;
  return new InputError({
    at,
    found: missing ? `no file or folder ${written}` : `${written}, which can't be read (${cause})`,
    expected: "files to take as an input",
    fix: "Check the path: it is relative to the project's folder.",
  }, { cause });
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
