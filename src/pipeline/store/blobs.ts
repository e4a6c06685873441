/** Blobs are the files of the store, by their digests: read-only, and never changed. */

import { dirname, join } from "node:path";
import { flushFolder, ifThere, readIfThere, remove, statIfThere, writeAtomically } from "./atomic.ts";
import { type Digest, digestOf, digestOfFile } from "./digest.ts";
import type { Fingerprint } from "./stat_cache.ts";
import { makeStaging, type Store } from "./store.ts";
import { type FileEntry, filesIn, type Tree, treeOf } from "./tree.ts";

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

/** Moves a staged folder's files into the store, and returns their tree. */
export function storeFolder(store: Store, staged: string): Tree {
  return treeOf(staged, (path) => storeFile(store, path));
}

function storeFile(store: Store, staged: string): FileEntry {
  const info = Deno.lstatSync(staged);
  if (!info.isFile) throw new Error(`the stage wrote ${staged}, which isn't a plain file`);
  const entry = { digest: digestOfFile(staged), size: info.size };
  keepFile(store, staged, entry);
  return entry;
}

/** Moves a staged file, whose digest and size are known, into the store. */
export function keepFile(store: Store, staged: string, entry: FileEntry): void {
  const path = blobPath(store, entry.digest);
  if (holds(store, path, entry)) return;
  Deno.chmodSync(staged, 0o444);
  using file = Deno.openSync(staged);
  file.syncSync();
  Deno.mkdirSync(dirname(path), { recursive: true });
  Deno.renameSync(staged, path);
  flushFolder(dirname(path));
  store.cache.remember(`blob ${entry.digest}`, blobFingerprint(Deno.statSync(path)), "");
}

/** Says whether the store has this content. */
export function hasBlob(store: Store, digest: Digest): boolean {
  const path = blobPath(store, digest);
  const size = statIfThere(path)?.size;
  return size !== undefined && holds(store, path, { digest, size });
}

/** Makes a folder show a tree by links to the blobs; a folder that already shows it is left alone. */
export function showTree(store: Store, files: Tree, path: string): void {
  if (showsTree(store, files, path)) return;
  const staging = makeStaging(store);
  for (const [name, { digest }] of Object.entries(files)) linkBlob(store, digest, join(staging, "new", name));
  Deno.mkdirSync(dirname(path), { recursive: true });
  if (statIfThere(path)) Deno.renameSync(path, join(staging, "old"));
  Deno.renameSync(join(staging, "new"), path);
  remove(staging);
}

/** Says whether a folder shows a tree. */
export function showsTree(store: Store, files: Tree, path: string): boolean {
  return ifThere(() =>
    // The view is absent for a moment while another process puts it in place.
    filesIn(path).join("\n") === Object.keys(files).sort().join("\n") &&
    Object.entries(files).every(([name, entry]) => holds(store, join(path, name), entry))
  ) ?? false;
}

/**
 * Makes a blob appear under another name, as a link where the file system has links, otherwise as a copy.
 * Returns that name.
 */
export function linkBlob(store: Store, digest: Digest, path: string): string {
  Deno.mkdirSync(dirname(path), { recursive: true });
  try {
    Deno.linkSync(blobPath(store, digest), path);
  } catch {
    copyBlob(store, digest, path);
  }
  return path;
}

/** Copies a blob out of the store. */
export function copyBlob(store: Store, digest: Digest, path: string): void {
  Deno.copyFileSync(blobPath(store, digest), path);
}

/**
 * Says whether a file has this content. A file that has the size, modification time and inode that the blob
 * had when it was last hashed isn't hashed again: blobs never change, and writing to one would change its
 * time. (The change time doesn't count, since each new link to the blob moves it.)
 */
export function holds({ cache }: Store, path: string, { digest, size }: FileEntry): boolean {
  const info = statIfThere(path);
  if (!info?.isFile || info.size !== size) return false;
  const fingerprint = blobFingerprint(info);
  if (cache.recall(`blob ${digest}`, fingerprint) !== undefined) return true;
  if (digestOfFile(path) !== digest) return false;
  cache.remember(`blob ${digest}`, fingerprint, "");
  return true;
}

function blobFingerprint({ size, mtime, ino }: Deno.FileInfo): Fingerprint {
  return `${size} ${mtime?.getTime()} ${ino}` as Fingerprint;
}

/** Returns the path of a blob. */
export function blobPath({ root }: Store, digest: Digest): string {
  return join(root, "blobs", digest.slice(0, 2), digest);
}
