/**
 * Files are written so that they are there whole or not at all, and read and removed where they may be
 * absent.
 */

import { dirname } from "node:path";
import { InputError } from "../../errors.ts";
import { writeAll } from "../../write_all.ts";

/**
 * Writes a file, and makes its folder where there is none. A crash leaves the old file or the new one, since
 * the new one is written aside, flushed and renamed into place.
 */
export function writeAtomically(path: string, text: string): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${crypto.randomUUID()}`;
  try {
    using file = Deno.openSync(aside, { write: true, createNew: true });
    writeAll(file, text);
    file.syncSync();
    Deno.renameSync(aside, path);
  } catch (error) {
    remove(aside);
    throw error;
  }
  flushFolder(dirname(path));
}

/** Returns what `read` reads, or undefined where the file or folder isn't there. */
export function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const isAbsent = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
      error instanceof Deno.errors.IsADirectory;
    if (isAbsent) return undefined;
    throw error;
  }
}

/** The largest text that is read into memory, in bytes: what another wrote may be of any size. */
export const largestText = 128 * 1024 * 1024;

/**
 * Reads a text file. Returns undefined where it isn't there, and for what is no text to read: a pipe or a
 * device, which might never end, and a file larger than `largestText`.
 */
export function readIfThere(path: string): string | undefined {
  const info = statIfThere(path);
  return info?.isFile && info.size <= largestText ? ifThere(() => Deno.readTextFileSync(path)) : undefined;
}

/** Returns a file's size, times and the like, or undefined where it isn't there. */
export function statIfThere(path: string): Deno.FileInfo | undefined {
  return ifThere(() => Deno.statSync(path));
}

/**
 * Says what is at a path that nobody may open, since it might never end: a pipe, a socket or a device.
 * Undefined for plain files, for folders, and where nothing is.
 */
export function oddityAt(path: string): string | undefined {
  const info = statIfThere(path);
  return info && oddityOf(info);
}

/** Says the same of something that has been looked at. */
export function oddityOf({ isFile, isDirectory, isFifo, isSocket }: Deno.FileInfo): string | undefined {
  if (isFile || isDirectory) return undefined;
  if (isFifo) return "a named pipe";
  return isSocket ? "a socket" : "a device";
}

/** Makes the error that says that the store can't be written: the disk is full, or it is read-only. */
export function unwritable(path: string, cause: unknown): InputError {
  return new InputError({
    at: { file: path },
    found: `a store that can't be written (${cause instanceof Error ? cause.message : cause})`,
    expected: "a store to keep results in",
    fix: "Check the disk's free space and who may write to artifacts/.",
  }, { cause });
}

/** Flushes a folder's entries: a renamed file survives a power cut only after that. */
export function flushFolder(path: string): void {
  using folder = Deno.openSync(path);
  folder.syncSync();
}

/** Removes a folder that is empty; any other, or none, is left as it is, and so is a link to one. */
export function removeIfEmpty(path: string): void {
  try {
    if (Deno.lstatSync(path).isDirectory) Deno.removeSync(path);
  } catch {
    // It isn't empty, or it is gone already.
  }
}

/** Removes a file or folder with all that is in it, if it is there. */
export function remove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
