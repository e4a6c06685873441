/** What a remote cache offers of an action, which is read and checked before any of its files are fetched. */

import type { KeyObject } from "node:crypto";
import { checkForeignRecord } from "../provenance/foreign_record.ts";
import type { Signature } from "../provenance/signatures.ts";
import { largestText } from "../store/atomic.ts";
import { type ActionKey, type Digest, digestOf } from "../store/digest.ts";
import { namedParts } from "../store/input_parts.ts";
import type { ActionRecord } from "../store/record.ts";
import type { FileEntry } from "../store/tree.ts";
import { type EntryFiles, readEntry, recordPlace, signaturePlace } from "./action_result.ts";
import { entryPath, filePath, type Storage } from "./storage.ts";
import { UnfitEntry } from "./trouble.ts";

export interface Offer {
  readonly record: ActionRecord;
  /** The record as it is written there, since its signature is of these bytes. */
  readonly text: string;
  /** The signature's envelope; undefined where the record is unsigned. */
  readonly envelope: string | undefined;
  readonly signature: Signature;
  /** The files that belong to the result: its outputs, its code manifest, the listings of the user's folders. */
  readonly files: ReadonlyMap<Digest, FileEntry>;
}

export interface Trust {
  /** The public keys that the user trusts. What one of them signed has to be what is there. */
  readonly publicKeys: readonly KeyObject[];
  /** Whether nothing is taken but what one of them signed. */
  readonly requireSigned: boolean;
}

const largestEntry = 64 * 1024 * 1024; // bytes

/**
 * Asks what a cache has of an action. Returns undefined where it has nothing.
 *
 * @throws {UnfitEntry} where that isn't the record of this action with its own digests, or isn't trusted
 * @throws {CacheUnavailable} where the cache doesn't serve
 */
export async function readOffer(storage: Storage, key: ActionKey, trust: Trust): Promise<Offer | undefined> {
  const bytes = await storage.get(entryPath(key), largestEntry, allOf);
  if (!bytes) return undefined;
  const named = readEntry(bytes);
  const recordFile = named?.get(recordPlace);
  if (!named || !recordFile) throw new UnfitEntry("its entry isn't one that names a record");
  const signatureFile = named.get(signaturePlace);
  const [text, envelope] = await Promise.all([
    readText(storage, recordFile, "its record"),
    signatureFile && readText(storage, signatureFile, "its signature"),
  ]);
  const checked = checkForeignRecord({ text, signature: envelope }, key, trust.publicKeys);
  if (!checked.record) throw new UnfitEntry(`found ${checked.found}, expected ${checked.expected}`);
  const { record, signature } = checked;
  if (trust.requireSigned && signature.state !== "valid") {
    const found = signature.state === "unsigned" ? "it isn't signed" : "it is signed with another key";
    throw new UnfitEntry(`${found}, and only what a trusted key signed is to be taken`);
  }
  return { record, text, envelope, signature, files: filesOf(record, named) };
}

/**
 * Returns the files to fetch. What the outputs are, the record says; of the rest, which it names by digests
 * alone, the entry says which are files, and of what size.
 */
function filesOf({ files, preImage, inputs }: ActionRecord, named: EntryFiles): Offer["files"] {
  const made = Object.values(files).map((entry) => [entry.digest, entry] as const);
  const origins = namedParts(inputs).flatMap(({ part: { action, digest } }) => action ? [] : [digest]);
  const wanted = new Set([preImage.code, ...origins]);
  const texts = [...named.values()].filter(({ digest, size }) => wanted.has(digest) && size <= largestText);
  return new Map([...texts.map((entry) => [entry.digest, entry] as const), ...made]);
}

async function readText(storage: Storage, { digest, size }: FileEntry, what: string): Promise<string> {
  if (size > largestText) throw new UnfitEntry(`${what} has ${size} bytes, more than ${largestText}`);
  const bytes = await storage.get(filePath(digest), size, allOf);
  if (!bytes) throw new UnfitEntry(`${what} isn't there any more`);
  const found = digestOf(bytes);
  if (found !== digest) throw new UnfitEntry(`${what} has sha256 ${found}, not ${digest}`);
  return new TextDecoder().decode(bytes);
}

async function allOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all = await Array.fromAsync(pieces);
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const piece of all) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytes;
}
