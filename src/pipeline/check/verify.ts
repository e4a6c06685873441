/** A verification reads again all that the current results consist of, and tells what isn't what it was. */

import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { ifThere } from "../store/atomic.ts";
import { blobPath, kindOf } from "../store/blobs.ts";
import { type Digest, digestOfFile } from "../store/digest.ts";
import { blobsOf, lineageOf, sizeOf } from "../store/lineage.ts";
import { livingRunFiles, whileLocked, whileShared } from "../store/locks.ts";
import type { InstanceName } from "../store/instance_name.ts";
import type { ActionRecord } from "../store/record.ts";
import { instancesWithResults, latestPath, latestRecord } from "../store/results.ts";
import type { Store } from "../store/store.ts";
import { isFolderPath, outputPathsIn } from "../store/tree.ts";
import { viewPath } from "../store/views.ts";

/** A file that isn't as recorded. */
export interface Finding {
  readonly instance: string;
  readonly path: string;
  /** What the file is to people, such as `model.safetensors` or `list of modules`. */
  readonly name: string;
  /** A digest, or in words what should be there. */
  readonly expected: string;
  readonly found: string;
}

export interface Verification {
  readonly results: number;
  readonly files: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

/**
 * Hashes the files of the newest results, of those that they came from, and what `artifacts/` shows of them.
 */
export async function verifyStore(store: Store): Promise<Verification> {
  const known = new Map<Digest, string>(); // each blob's digest → what its content was found to be
  let verification = lookThrough(store, known);
  // A run writes a record and shows the result a moment later, so what seems damaged beside a run is looked
  // at again, and is damaged only if it still seems so. A run may just have ended, hence the second look
  // anyway.
  for (let look = 2; look <= mostLooks && verification.findings.length > 0; look++) {
    if (look > 2 && livingRunFiles(store.root).length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, look === 2 ? 0 : pauseMs));
    for (const [digest, content] of known) if (digest !== content) known.delete(digest);
    const before = new Set(verification.findings.map(({ path }) => path));
    const again = lookAgain(store, known);
    verification = { ...again, findings: again.findings.filter(({ path }) => before.has(path)) };
  }
  return verification;
}

const mostLooks = 10;
const pauseMs = 200;

/** Looks while no run can show anything, or, where not even a lock can be written, as things are. */
function lookAgain(store: Store, known: Map<Digest, string>): Verification {
  try {
    return whileShared(store.root, () => whileLocked(store.root, "views", () => lookThrough(store, known)));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return lookThrough(store, known);
  }
}

/** @param known what the content of blobs was found to be already; these aren't read again */
function lookThrough(store: Store, known: Map<Digest, string>): Verification {
  const names = instancesWithResults(store);
  const shown = names.flatMap((instance) => {
    const record = latestRecord(store, instance);
    return record ? [{ instance, record }] : [];
  });
  const lost = names.filter((name) => !shown.some(({ instance }) => instance === name));
  const records = lineageOf(store, shown.map(({ record }) => record));
  const damaged = records.flatMap((record) => damagedBlobs(store, record, known));
  const sizes = [...known.keys()].map((digest) => sizeOf(blobPath(store, digest)) ?? 0);
  return {
    results: records.length,
    files: known.size,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    findings: [
      ...lost.map((instance) => lostRecord(store, instance)),
      ...damaged,
      ...shown.flatMap(({ instance, record }) => damagedViews(store, instance, record, known)),
    ],
  };
}

function lostRecord(store: Store, instance: string): Finding {
  return {
    instance,
    path: latestPath(store, instance),
    name: "its newest record",
    expected: "a whole record",
    found: "none, or a damaged one",
  };
}

function damagedBlobs(store: Store, record: ActionRecord, known: Map<Digest, string>): readonly Finding[] {
  return [...blobsOf(store, record)].flatMap(([expected, name]) => {
    if (known.has(expected)) return [];
    const path = blobPath(store, expected);
    const found = contentOf(path);
    known.set(expected, found);
    if (found === expected) return [];
    distrust(path);
    return [{ instance: record.instance, path, name, expected, found }];
  });
}

/** Gives a damaged blob a new modification time, so that no run believes what it remembers of the blob. */
function distrust(path: string): void {
  try {
    const now = new Date();
    Deno.utimeSync(path, now, now);
  } catch {
    // It is missing, or the store is read-only.
  }
}

/**
 * Finds what a view shows that isn't the result. Links to blobs aren't read again, since the blobs have been
 * read.
 */
function damagedViews(
  store: Store,
  instance: InstanceName,
  { files }: ActionRecord,
  known: ReadonlyMap<Digest, string>,
): readonly Finding[] {
  const view = viewPath(store, instance);
  const extra = (ifThere(() => outputPathsIn(view)) ?? []).filter((name) => !Object.hasOwn(files, name));
  return [
    ...Object.entries(files).flatMap(([name, { digest }]) => {
      const path = join(view, name);
      if (isFolderPath(name) && sizeOf(path) !== undefined) return [];
      const isLink = inodeOf(path) !== undefined && inodeOf(path) === inodeOf(blobPath(store, digest));
      const found = isLink ? known.get(digest) ?? digest : contentOf(path);
      return found === digest || isLink ? [] : [{ instance, path, name, expected: digest, found }];
    }),
    ...extra.map((name) => {
      const path = join(view, name);
      return { instance, path, name, expected: "nothing", found: contentOf(path) };
    }),
  ];
}

function inodeOf(path: string): string | undefined {
  try {
    const { dev, ino } = Deno.statSync(path);
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}

function contentOf(path: string): string {
  const info = ifThere(() => Deno.lstatSync(path));
  if (!info) return "nothing";
  // What isn't a plain file might never end.
  return info.isFile ? ifThere(() => digestOfFile(path)) ?? "nothing" : kindOf(info);
}
