/**
 * The content-addressed store is `artifacts/.store`: `blobs/` holds files by digest, `actions/` a record for
 * each key, `latest/` the key of each instance's newest result, `signatures/` those of records, besides
 * `logs/`, and `staging/` for what isn't done yet.
 *
 * A record is written last, when all that it points at is in place and flushed. Its writer shares the store
 * and holds the lock of the action; only a process that holds the store alone removes anything from it.
 */

import { dirname, join } from "node:path";
import { flushFolder, ifThere, remove, unwritable, writeAtomically } from "./atomic.ts";
import { type ActionKey, type Digest, digestOf, digestOfFile } from "./digest.ts";
import { type ActionRecord, parseRecord } from "./record.ts";
import { type Fingerprint, openStatCache, type StatCache } from "./stat_cache.ts";
import { type FileEntry, filesIn, type Tree, treeOf } from "./tree.ts";

export interface Store {
  readonly root: string;
  readonly cache: StatCache;
}

/** Opens a store; its folders are made when something is kept in them. */
export function openStore(root: string): Store {
  return { root, cache: openStatCache(join(root, "stat-cache")) };
}

/**
 * Makes a fresh folder for what isn't done yet.
 *
 * @throws {InputError} where nothing can be written
 */
export function makeStaging({ root }: Store, within = join(root, "staging")): string {
  const folder = join(within, crypto.randomUUID());
  try {
    Deno.mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
  return folder;
}

/**
 * Removes what runs that were killed have left. The caller must have the store alone, so that no other run is
 * alive.
 */
export function removeLeftovers({ root }: Store): void {
  remove(join(root, "runs"));
  for (const name of namesIn(join(root, "staging"))) {
    try {
      remove(join(root, "staging", name));
    } catch {
      // The stage of a run that was killed may still write to it for a moment: the next run removes it.
    }
  }
}

/** Returns the folder in which an action's stage keeps what an interrupted attempt leaves to the next. */
export function checkpointPath({ root }: Store, key: ActionKey): string {
  return join(root, "checkpoints", key);
}

/**
 * Returns the record of an action whose output is whole, or undefined where there is none or some of its
 * content is lost.
 */
export function findResult(store: Store, key: ActionKey): ActionRecord | undefined {
  const record = readRecord(store, key);
  const isWhole = record &&
    Object.values(record.files).every((entry) => holds(store, blobPath(store, entry.digest), entry));
  return isWhole ? record : undefined;
}

/**
 * Returns an action's record without a look at its output, or undefined where there is none that is whole.
 */
export function readRecord(store: Store, key: ActionKey): ActionRecord | undefined {
  const text = readIfThere(recordPath(store, key));
  const record = text === undefined ? undefined : parseRecord(text);
  return record?.key === key ? record : undefined;
}

/**
 * Writes an action's record, which makes the action count as done.
 *
 * @param text the record as another store has it, since signatures are of its bytes
 */
export function writeRecord(
  store: Store,
  record: ActionRecord,
  text = `${JSON.stringify(record, null, 2)}\n`,
): void {
  remove(signaturePath(store, record.key)); // the signature was of the record before
  write(recordPath(store, record.key), text);
}

/** Keeps the signature of an action's record. */
export function writeSignature(store: Store, key: ActionKey, text: string): void {
  write(signaturePath(store, key), text);
}

/** Returns the signature of an action's record, or undefined where it is unsigned. */
export function readSignature(store: Store, key: ActionKey): string | undefined {
  return readIfThere(signaturePath(store, key));
}

/**
 * Returns the record of an instance's newest result, whether or not the pipeline as it is now would make the
 * same.
 */
export function latestRecord(store: Store, instance: string): ActionRecord | undefined {
  const key = latestKey(store, instance);
  return key === undefined ? undefined : readRecord(store, key);
}

/** Returns the key of an instance's newest result. */
export function latestKey({ root }: Store, instance: string): ActionKey | undefined {
  return readIfThere(join(root, "latest", instance))?.trim() as ActionKey | undefined;
}

/** Notes that this key's result is its instance's newest. */
export function markLatest({ root }: Store, instance: string, key: ActionKey): void {
  write(join(root, "latest", instance), `${key}\n`);
}

/** Returns the names of all instances that have had a result. */
export function instancesWithResults({ root }: Store): readonly string[] {
  return namesIn(join(root, "latest"));
}

/** Returns the keys of all actions that have a record. */
export function recordedKeys({ root }: Store): readonly ActionKey[] {
  const names = namesIn(join(root, "actions")).filter((name) => /^[0-9a-f]{64}\.json$/.test(name));
  return names.map((name) => name.slice(0, 64) as ActionKey);
}

/** Lists the names in a folder of the store, sorted; none where the folder isn't there. */
export function namesIn(folder: string): readonly string[] {
  return (ifThere(() => [...Deno.readDirSync(folder)]) ?? []).map(({ name }) => name).sort();
}

/** Forgets which result is an instance's newest; the result itself stays. */
export function forgetInstance({ root }: Store, instance: string): void {
  remove(join(root, "latest", instance));
}

/** Keeps a text as a blob, and returns its digest. */
export function storeText(store: Store, text: string): Digest {
  const entry = { digest: digestOf(text), size: new TextEncoder().encode(text).length };
  if (!holds(store, blobPath(store, entry.digest), entry)) write(blobPath(store, entry.digest), text);
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

/** Whether the store has this content. */
export function hasBlob(store: Store, digest: Digest): boolean {
  const path = blobPath(store, digest);
  const size = statOf(path)?.size;
  return size !== undefined && holds(store, path, { digest, size });
}

/** Makes a folder show a tree by links to the blobs; a folder that already shows it is left alone. */
export function showTree(store: Store, files: Tree, path: string): void {
  if (showsTree(store, files, path)) return;
  const staging = makeStaging(store);
  for (const [name, { digest }] of Object.entries(files)) linkBlob(store, digest, join(staging, "new", name));
  Deno.mkdirSync(dirname(path), { recursive: true });
  if (statOf(path)) Deno.renameSync(path, join(staging, "old"));
  Deno.renameSync(join(staging, "new"), path);
  remove(staging);
}

/** Whether a folder shows a tree. */
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
 * Whether a file has this content. A file that has the size, modification time and inode that the blob had
 * when it was last hashed isn't hashed again: blobs never change, and writing to one would change its time.
 * (The change time doesn't count, since each new link to the blob moves it.)
 */
function holds({ cache }: Store, path: string, { digest, size }: FileEntry): boolean {
  const info = statOf(path);
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

/** Returns the path of an action's record. */
export function recordPath({ root }: Store, key: ActionKey): string {
  return join(root, "actions", `${key}.json`);
}

function signaturePath({ root }: Store, key: ActionKey): string {
  return join(root, "signatures", `${key}.json`);
}

function write(path: string, text: string): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  writeAtomically(path, text);
}

function readIfThere(path: string): string | undefined {
  return ifThere(() => Deno.readTextFileSync(path));
}

function statOf(path: string): Deno.FileInfo | undefined {
  return ifThere(() => Deno.statSync(path));
}
