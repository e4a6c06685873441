/**
 * A pull fetches locked results, with all that they came from, from another store, and takes nothing that it
 * hasn't checked.
 */

import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { checkForeignRecord } from "../provenance/foreign_record.ts";
import { signatureOf } from "../provenance/signatures.ts";
import { largestText, remove, unwritable } from "../store/atomic.ts";
import { blobPath, hasBlob, keepFile, kindOf } from "../store/blobs.ts";
import { depthFirst } from "../store/depth_first.ts";
import { type ActionKey, type Digest, digestOfFile } from "../store/digest.ts";
import { namedParts } from "../store/input_parts.ts";
import { blobsOf, isMaker } from "../store/lineage.ts";
import { ownStore, type Waiting } from "../store/locks.ts";
import type { ActionRecord, InputOrigin } from "../store/record.ts";
import {
  findResult,
  readRecord,
  readSignature,
  recordPath,
  writeRecord,
  writeSignature,
} from "../store/results.ts";
import { makeStaging, type Store } from "../store/store.ts";
import { showResult } from "../store/views.ts";
import type { LockedResult } from "./locked_results.ts";

export interface PullOptions extends Waiting {
  /** The public keys that the user trusts. What one of them signed has to be what is there. */
  readonly publicKeys: readonly KeyObject[];
}

export interface Pulled {
  /** The locked results that weren't here before. */
  readonly results: readonly LockedResult[];
  /** How many files were copied for them. */
  readonly files: number;
  readonly bytes: number;
}

/** An action as the other store has it. */
interface Offer {
  readonly record: ActionRecord;
  /** The record as it is written there, since its signature is of these bytes. */
  readonly text: string;
}

/**
 * Brings locked results into the store and shows them. Each action comes after those that it came from, its
 * blobs first and its record last, so that wherever this ends, what is there is whole. A pull waits for runs
 * to end, and runs wait for it.
 *
 * @throws {InputError} for what isn't as the lock or a record says
 * @throws the signal's reason, where it was aborted
 */
export async function pull(
  store: Store,
  from: Store,
  locked: readonly LockedResult[],
  options: PullOptions,
): Promise<Pulled> {
  using _alone = await ownStore(store.root, options);
  options.signal.throwIfAborted();
  const results = locked.filter(({ key, tree }) => findResult(store, key)?.tree !== tree);
  const offers = checkedOffers(from, results, locked, options.publicKeys);
  const wanted = new Set(results.map(({ key }) => key));
  const sizes: number[] = [];
  const staging = makeStaging(store);
  try {
    for (const offer of offers) {
      const { key } = offer.record;
      if (findResult(store, key) && !wanted.has(key)) continue;
      sizes.push(...await copyAction(store, from, offer, staging, options.signal));
    }
    for (const { instance, key } of locked) {
      const record = findResult(store, key);
      if (record) showResult(store, instance, record);
    }
    store.cache.save();
  } catch (error) {
    if (error instanceof InputError || options.signal.aborted) throw error;
    throw unwritable(store.root, error);
  } finally {
    remove(staging);
  }
  return { results, files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/**
 * Reads and checks the results' actions, each after those that it came from as far as these have a witness. A
 * record names the actions that its inputs came from, but only the inputs' digests are covered by the lock:
 * whoever wrote the store may have named any action. So one counts only if the lock names it as well, or if a
 * trusted key signed it and it made what the input's digest says.
 *
 * @throws {InputError} for the first that isn't as it should be
 */
function checkedOffers(
  from: Store,
  results: readonly LockedResult[],
  locked: readonly LockedResult[],
  publicKeys: readonly KeyObject[],
): readonly Offer[] {
  const wanted = new Map(results.map(({ key, tree, instance }) => [key, { tree, instance }]));
  const isLocked = new Set(locked.map(({ key }) => key));
  const offers = new Map<ActionKey, Offer>();
  const offerOf = (key: ActionKey): Offer => {
    const offer = offers.get(key) ?? checkedOffer(from, key, publicKeys);
    const { tree, instance } = wanted.get(key) ?? {};
    if (tree !== undefined && offer.record.tree !== tree) {
      const found = `outputs ${offer.record.tree}`;
      throw refusal(recordPath(from, key), found, `${tree}, which are locked for ${instance}`);
    }
    offers.set(key, offer);
    return offer;
  };
  const madeBefore = (key: ActionKey) =>
    namedParts(offerOf(key).record.inputs).flatMap(({ part }) => {
      const { action } = part;
      if (!action || isLocked.has(action)) return action && wanted.has(action) ? [action] : [];
      return isSignedMaker(from, action, part, publicKeys) ? [action] : [];
    });
  return depthFirst(wanted.keys(), madeBefore).map(offerOf);
}

/** Says whether a trusted key signed an action that made what an input's digest says. */
function isSignedMaker(
  from: Store,
  action: ActionKey,
  origin: InputOrigin,
  publicKeys: readonly KeyObject[],
): boolean {
  const record = readRecord(from, action);
  return record !== undefined && isMaker(record, origin) &&
    signatureOf(from, record, publicKeys).state === "valid";
}

function checkedOffer(from: Store, key: ActionKey, publicKeys: readonly KeyObject[]): Offer {
  const path = recordPath(from, key);
  const text = readOffered(path);
  const checked = checkForeignRecord({ text, signature: readSignature(from, key) }, key, publicKeys);
  if (!checked.record) throw refusal(path, checked.found, checked.expected);
  return { record: checked.record, text };
}

function readOffered(path: string): string {
  requirePlain(path, largestText);
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Looks at a file of the other store before it is opened, since a pipe or a device might never end.
 *
 * @throws {InputError} for what isn't a plain file, and for a file that is too large
 */
function requirePlain(path: string, mostBytes: number): void {
  let info;
  try {
    info = Deno.lstatSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  if (!info.isFile) throw refusal(path, kindOf(info), "a plain file");
  if (info.size > mostBytes) throw refusal(path, `a file of ${info.size} bytes`, `at most ${mostBytes}`);
}

/** Copies an action's blobs, record and signature, and returns the sizes of the files that it took. */
async function copyAction(
  store: Store,
  from: Store,
  { record, text }: Offer,
  staging: string,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const sizes: number[] = [];
  const made = new Map(Object.values(record.files).map(({ digest, size }) => [digest, size]));
  for (const [digest, name] of blobsOf(from, record)) {
    signal.throwIfAborted();
    if (hasBlob(store, digest)) continue;
    requirePlain(blobPath(from, digest), made.get(digest) ?? largestText);
    sizes.push(await copyBlob(store, from, digest, `${name} of ${record.instance}`, staging));
  }
  writeRecord(store, record, text);
  const signature = readSignature(from, record.key);
  if (signature !== undefined) writeSignature(store, record.key, signature);
  return sizes;
}

/**
 * Copies a blob and returns its size. The copy is what is hashed, so that nothing comes between the check and
 * what is kept.
 */
async function copyBlob(
  store: Store,
  from: Store,
  digest: Digest,
  name: string,
  staging: string,
): Promise<number> {
  const path = blobPath(from, digest);
  const staged = join(staging, digest);
  await Deno.copyFile(path, staged).catch((error) => {
    throw unreadable(path, error);
  });
  const found = digestOfFile(staged);
  if (found !== digest) throw refusal(path, `sha256 ${found}`, `sha256 ${digest}, ${name}`);
  const { size } = Deno.statSync(staged);
  keepFile(store, staged, { digest, size });
  return size;
}

function unreadable(file: string, cause: unknown): InputError {
  const isMissing = cause instanceof Deno.errors.NotFound;
  const found = isMissing
    ? "no such file"
    : `a file that can't be copied (${cause instanceof Error ? cause.message : cause})`;
  return refusal(file, found, "a file of the results that are locked");
}

function refusal(file: string, found: string, expected: string): InputError {
  return new InputError({
    at: { file },
    found,
    expected,
    fix: "Pull from a store that has the locked results, or make them here: deno task pipeline",
  });
}
