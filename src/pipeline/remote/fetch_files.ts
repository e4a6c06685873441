/** Files of a remote cache come into a folder, each hashed as it arrives, and from there into the store. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { blobPath, hasBlob, holds, keepFile } from "../store/blobs.ts";
import { writeRecord, writeSignature } from "../store/results.ts";
import type { Store } from "../store/store.ts";
import type { FileEntry } from "../store/tree.ts";
import type { Offer } from "./offer.ts";
import { filePath, type Storage } from "./storage.ts";
import { UnfitEntry } from "./trouble.ts";
import { writeAll } from "../../write_all.ts";

/** The files of an offer that the store hasn't. */
export function missingFiles(store: Store, { files }: Offer): readonly FileEntry[] {
  return [...files.values()].filter(({ digest }) => !hasBlob(store, digest));
}

/**
 * Fetches a file into a folder, under its digest.
 *
 * @param onBytes is told how many bytes have come, piece by piece
 * @throws {UnfitEntry} where the cache hasn't got it, or has something else in its place
 */
export async function fetchFile(
  storage: Storage,
  { digest, size }: FileEntry,
  folder: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const found = await storage.get(filePath(digest), size, async (pieces) => {
    const hash = createHash("sha256");
    using file = Deno.openSync(join(folder, digest), { write: true, create: true, truncate: true });
    for await (const piece of pieces) {
      hash.update(piece);
      writeAll(file, piece);
      onBytes(piece.length);
    }
    return hash.digest("hex");
  });
  if (found === undefined) throw new UnfitEntry(`the file ${digest} isn't there any more`);
  if (found !== digest) throw new UnfitEntry(`the file ${digest} has sha256 ${found}`);
}

/**
 * Fetches files into a folder. The first that fails ends those that are under way, and all have ended when the
 * promise rejects: nothing writes into the folder or tells of bytes after that.
 *
 * @param onBytes is told how many bytes have come, piece by piece
 * @throws {UnfitEntry} as `fetchFile` does
 */
export async function fetchFiles(
  storage: Storage,
  files: readonly FileEntry[],
  folder: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const failed = new AbortController();
  const endOthers = (reason: unknown) => {
    failed.abort(reason);
    throw reason;
  };
  const onPiece = (bytes: number) => {
    failed.signal.throwIfAborted();
    onBytes(bytes);
  };
  await Promise.allSettled(
    files.map((file) => fetchFile(storage, file, folder, onPiece).catch(endOthers)),
  );
  failed.signal.throwIfAborted();
}

/**
 * Keeps an offered result, whose files have been fetched: first the files, then the record, so that whatever is
 * there is whole. The caller shares the store, or has it alone.
 *
 * @param fetched the files that lie in the folder
 * @returns whether it is whole, which it isn't where a file has gone that the store had
 */
export function keepOffer(
  store: Store,
  { record, text, envelope, files }: Offer,
  folder: string,
  fetched: readonly FileEntry[],
): boolean {
  for (const entry of fetched) keepFile(store, join(folder, entry.digest), entry);
  const areThere = [...files.values()].every((entry) => holds(store, blobPath(store, entry.digest), entry));
  if (!areThere || !hasBlob(store, record.preImage.code)) return false;
  writeRecord(store, record, text);
  if (envelope !== undefined) writeSignature(store, record.key, envelope);
  return true;
}
