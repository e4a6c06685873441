/** Files that are there whole or not at all. */

import { dirname } from "node:path";

/** Writes a file so that a crash leaves the old one or the new one: written aside, flushed, renamed into place. */
export function writeAtomically(path: string, text: string): void {
  const aside = `${path}.${crypto.randomUUID()}`;
  try {
    using file = Deno.openSync(aside, { write: true, createNew: true });
    const bytes = new TextEncoder().encode(text);
    for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
    file.syncSync();
    Deno.renameSync(aside, path);
  } catch (error) {
    remove(aside);
    throw error;
  }
  flushFolder(dirname(path));
}

/** Flushes a folder's entries: a renamed file survives a power cut only after that. */
export function flushFolder(path: string): void {
  using folder = Deno.openSync(path);
  folder.syncSync();
}

/** Removes a file or folder with all that is in it, if it is there. */
export function remove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
