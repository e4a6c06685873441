/**
 * Results are what actions made, each with its record, its signature, and a note of each instance's newest.
 */

import { join } from "node:path";
import { readIfThere, remove, statIfThere, writeAtomically } from "./atomic.ts";
import { blobPath, holds } from "./blobs.ts";
import { type ActionKey, parseActionKey } from "./digest.ts";
import { type InstanceName, parseInstanceName } from "./instance_name.ts";
import { defaultFile } from "./pipeline_place.ts";
import { type ActionRecord, parseRecord } from "./record.ts";
import { namesIn, type Store } from "./store.ts";

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
  writeAtomically(recordPath(store, record.key), text);
}

/** Keeps the signature of an action's record. */
export function writeSignature(store: Store, key: ActionKey, text: string): void {
  writeAtomically(signaturePath(store, key), text);
}

/** Returns the signature of an action's record, or undefined where it is unsigned. */
export function readSignature(store: Store, key: ActionKey): string | undefined {
  return readIfThere(signaturePath(store, key));
}

/**
 * Returns the record of an instance's newest result, whether or not the pipeline as it is now would make the
 * same.
 */
export function latestRecord(store: Store, instance: InstanceName): ActionRecord | undefined {
  const key = latestKey(store, instance);
  return key === undefined ? undefined : readRecord(store, key);
}

/** Returns the key of an instance's newest result. */
export function latestKey(store: Store, instance: InstanceName): ActionKey | undefined {
  return parseActionKey(readIfThere(latestPath(store, instance))?.trim() ?? "");
}

/** Notes that this key's result is its instance's newest. */
export function markLatest(store: Store, instance: InstanceName, key: ActionKey): void {
  notePipelineFile(store);
  writeAtomically(latestPath(store, instance), `${key}\n`);
}

/** Notes which pipeline file a place in the store belongs to, so that its results, logs and checkpoints are found. */
export function notePipelineFile({ pipeline }: Store): void {
  const file = join(pipeline.state, "file");
  if (pipeline.file !== defaultFile && !statIfThere(file)) writeAtomically(file, `${pipeline.file}\n`);
}

/** Returns the path of the file that holds the key of an instance's newest result. */
export function latestPath({ pipeline }: Store, instance: string): string {
  return join(pipeline.state, "latest", instance);
}

/** Returns the names of all instances that have had a result; what else lies among them is no name. */
export function instancesWithResults({ pipeline }: Store): readonly InstanceName[] {
  return namesIn(join(pipeline.state, "latest")).flatMap((name) => parseInstanceName(name) ?? []);
}

/** Forgets which result is an instance's newest; the result itself stays. */
export function forgetInstance(store: Store, instance: InstanceName): void {
  remove(latestPath(store, instance));
}

/** Returns the keys of all actions that have a record. */
export function recordedKeys({ root }: Store): readonly ActionKey[] {
  const names = namesIn(join(root, "actions")).filter((name) => name.endsWith(".json"));
  return names.flatMap((name) => parseActionKey(name.slice(0, -".json".length)) ?? []);
}

/** Returns the path of an action's record. */
export function recordPath({ root }: Store, key: ActionKey): string {
  return join(root, "actions", `${key}.json`);
}

function signaturePath({ root }: Store, key: ActionKey): string {
  return join(root, "signatures", `${key}.json`);
}
