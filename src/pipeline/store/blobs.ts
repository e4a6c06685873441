/** Blobs are the files of the store, by their digests: read-only, and never changed. */

import { dirname, join } from "node:path";
import { flushFolder, ifThere, readIfThere, remove, statIfThere, writeAtomically } from "./atomic.ts";
import { type Digest, digestOf, digestOfFile } from "./digest.ts";
import { fingerprintOf } from "./stat_cache.ts";
import { type Store, viewStaging } from "./store.ts";
import { type FileEntry, isFolderPath, outputPathsIn, outputTreeOf, staysWithin, type Tree } from "./tree.ts";

/** Keeps a text as a blob, and returns its digest. */
export function storeText(store: Store, text: string): Digest {
  const entry = { digest: digestOf(text), size: new TextEncoder().encode(text).length };
  if (!holds(store, blobPath(store, entry.digest), entry)) {
    writeAtomically(blobPath(store, entry.digest), text);
  }
  return entry.digest;
}

/** Reads a blob as text, or returns undefined where it is lost or damaged. */
export function readText(store: Store, digest: Digest): string | undefined {
  const text = readIfThere(blobPath(store, digest));
  return text !== undefined && digestOf(text) === digest ? text : undefined;
}

/**
 * Moves a staged folder's files into the store, and returns their tree.
 *
 * @throws {Error} for what isn't a plain file or a folder. Nothing has been moved then: what a link leads to
 * isn't the stage's.
 */
export function storeFolder(store: Store, staged: string): Tree {
  const paths = outputPathsIn(staged);
  for (const path of paths) {
    const info = Deno.lstatSync(join(staged, path));
    const isPlain = info.isFile || info.isDirectory;
    if (!isPlain) {
      throw new Error(`it wrote ${path}, which is ${kindOf(info)}: write plain files and folders`);
    }
    if (!staysWithin(path.replace(/\/$/, ""))) {
      throw new Error(`it wrote ${path}, which is no name for a file`);
    }
  }
  if (paths.some(isFolderPath)) storeText(store, "");
  return outputTreeOf(staged, (path) => {
    const entry = { digest: digestOfFile(path), size: Deno.lstatSync(path).size };
    keepFile(store, path, entry);
    return entry;
  });
}

/** Says in words what a file is that isn't a plain one. */
export function kindOf({ isDirectory, isSymlink, isFifo, isSocket }: Deno.FileInfo): string {
  if (isDirectory) return "a folder";
  if (isSymlink) return "a link";
  if (isFifo) return "a pipe";
  return isSocket ? "a socket" : "a device";
}

/** Moves a staged file, whose digest and size are known, into the store. */
export function keepFile(store: Store, staged: string, entry: FileEntry): void {
  const path = blobPath(store, entry.digest);
  if (holds(store, path, entry)) return;
  Deno.chmodSync(staged, 0o444);
  using file = Deno.openSync(staged);
  file.syncSync();
  Deno.mkdirSync(dirname(path), { recursive: true });
  moveFile(staged, path);
  flushFolder(dirname(path));
}

/** Moves a file into its place, also where that is on another disk, to which nothing can be renamed. */
function moveFile(from: string, to: string): void {
  try {
    return Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && /\(os error 18\)/.test(error.message))) throw error;
  }
  const aside = `${to}.${crypto.randomUUID()}`;
  try {
    Deno.copyFileSync(from, aside);
    using file = Deno.openSync(aside);
    file.syncSync();
    Deno.renameSync(aside, to);
  } finally {
    remove(aside);
  }
  remove(from);
}

/** Says whether the store has this content. */
export function hasBlob(store: Store, digest: Digest): boolean {
  const path = blobPath(store, digest);
  const size = statIfThere(path)?.size;
  return size !== undefined && holds(store, path, { digest, size });
}

/**
 * Makes a folder show a tree by links to the blobs; a folder that already shows it is left alone.
 *
 * @param beforeShown is given the new folder once it is ready, before it is put in its place
 */
export function showTree(
  store: Store,
  files: Tree,
  path: string,
  beforeShown: (folder: string) => void,
): void {
  if (showsTree(store, files, path)) return;
  const staging = viewStaging(store);
  layTree(store, files, join(staging, "new"));
  beforeShown(join(staging, "new"));
  Deno.mkdirSync(dirname(path), { recursive: true });
  if (statIfThere(path)) Deno.renameSync(path, join(staging, "old"));
  Deno.renameSync(join(staging, "new"), path);
  remove(staging);
}

/** Lays a tree out in a folder, by links to the blobs. */
export function layTree(store: Store, files: Tree, folder: string): void {
  Deno.mkdirSync(folder, { recursive: true });
  for (const [name, { digest }] of Object.entries(files)) {
    if (isFolderPath(name)) Deno.mkdirSync(join(folder, name), { recursive: true });
    else linkBlob(store, digest, join(folder, name));
  }
}

/** Says whether a folder shows a tree. */
export function showsTree(store: Store, files: Tree, path: string): boolean {
  return ifThere(() =>
    // The view is absent for a moment while another process puts it in place.
    outputPathsIn(path).join("\0") === Object.keys(files).sort().join("\0") &&
    Object.entries(files).every(([name, entry]) =>
      isFolderPath(name) || holds(store, join(path, name), entry)
    )
  ) ?? false;
}

/**
 * Makes a blob appear under another name, as a link where the file system has links, otherwise as a copy.
 * Returns that name.
 */
export function linkBlob(store: Store, digest: Digest, path: string): string {
  linkFile(blobPath(store, digest), path);
  return path;
}

/** Makes a file appear under another name, in a folder that is made where there is none. */
export function linkFile(file: string, path: string): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  try {
    Deno.linkSync(file, path);
  } catch {
    Deno.copyFileSync(file, path); // as file systems without links need
  }
}

/** Copies a blob out of the store. */
export function copyBlob(store: Store, digest: Digest, path: string): Promise<void> {
  return Deno.copyFile(blobPath(store, digest), path);
}

/**
 * Says whether a file has this content. A file that has the size, times and inode that the blob had when it
 * was last hashed isn't hashed again. Each link that is made to a blob or removed moves its change time, so a
 * blob is hashed once more after a run has used it; that is the price for noticing whoever changes it and
 * puts its modification time back.
 */
export function holds({ cache }: Store, path: string, { digest, size }: FileEntry): boolean {
  const info = statIfThere(path);
  if (!info?.isFile || info.size !== size) return false;
  const fingerprint = fingerprintOf(info);
  if (cache.recall(`blob ${digest}`, fingerprint) !== undefined) return true;
  if (digestOfFile(path) !== digest) return false;
  cache.remember(`blob ${digest}`, fingerprint, "");
  return true;
}

/** Returns the path of a blob. */
export function blobPath({ root }: Store, digest: Digest): string {
  return join(root, "blobs", digest.slice(0, 2), digest);
}
