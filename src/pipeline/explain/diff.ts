/** A diff compares two results: what they depend on, the numbers in their JSON files, and their files. */

import { InputError } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import { readText } from "../store/blobs.ts";
import type { ActionKey, Digest } from "../store/digest.ts";
import type { ActionRecord } from "../store/record.ts";
import { instancesWithResults, latestRecord, readRecord, recordedKeys } from "../store/results.ts";
import type { Store } from "../store/store.ts";
import { type Change, changesBetween, dependenceOf, type FileChange, fileChanges } from "./changes.ts";

export interface Difference {
  readonly before: Side;
  readonly after: Side;
  readonly changes: readonly Change[];
  /** Numbers that differ in JSON files that both have, each with its path in the file: `calibrated.ece`. */
  readonly numbers: readonly NumberChange[];
  readonly files: readonly FileChange[];
}

interface Side {
  readonly instance: string;
  readonly key: ActionKey;
  readonly ended: string;
}

export interface NumberChange {
  readonly file: string;
  readonly path: string;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/**
 * Compares two results.
 *
 * @param before an instance, which stands for its newest result, or the first characters of a key
 * @param after likewise; where it is undefined, `before` is compared with the newest other result of its
 *   instance
 * @throws {InputError} where there is no such result
 */
export function differenceOf(store: Store, before: string, after: string | undefined): Difference {
  const first = recordOf(store, before);
  const [a, b] = after === undefined ? [otherRecord(store, first), first] : [first, recordOf(store, after)];
  const files = fileChanges(a.files, b.files);
  return {
    before: sideOf(a),
    after: sideOf(b),
    changes: changesBetween(dependenceOf(store, a), dependenceOf(store, b)),
    numbers: files.flatMap((change) => numberChanges(store, change)),
    files,
  };
}

function sideOf({ instance, key, ended }: ActionRecord): Side {
  return { instance, key, ended };
}

function recordOf(store: Store, name: string): ActionRecord {
  const instances = instancesWithResults(store);
  const instance = instances.find((known) => known === name);
  const isPrefix = instance === undefined && /^[0-9a-f]{4,64}$/.test(name);
  const keys = isPrefix ? recordedKeys(store).filter((key) => key.startsWith(name)) : [];
  if (keys.length > 1) {
    throw new InputError({
      found: `${keys.length} keys that start with ${name}`,
      expected: "one",
      fix: "Write more of the key.",
    });
  }
  const [key] = keys;
  const record = instance === undefined ? key && readRecord(store, key) : latestRecord(store, instance);
  if (record) return record;
  throw new InputError({
    found: `no result of "${name}"`,
    expected: "an instance that has run, or the first 4 characters or more of a result's key",
    fix: suggestion(name, instances),
  });
}

/**
 * Finds the newest other result of a record's instance.
 *
 * @throws {InputError} where there is none
 */
function otherRecord(store: Store, { instance, key }: ActionRecord): ActionRecord {
  const others = recordedKeys(store).flatMap((other) => other === key ? [] : readRecord(store, other) ?? [])
    .filter((record) => record.instance === instance)
    .sort((a, b) => (a.ended < b.ended ? -1 : 1));
  const newest = others.at(-1);
  if (newest) return newest;
  throw new InputError({
    found: `only one result of ${instance}`,
    expected: "another to compare it with",
    fix: `Name it: diff ${instance} OTHER.`,
  });
}

function numberChanges(store: Store, { file, before, after }: FileChange): readonly NumberChange[] {
  if (!file.endsWith(".json") || !before || !after) return [];
  const numbers = (digest: Digest) => new Map(numbersIn(readJson(store, digest), ""));
  const [old, current] = [numbers(before), numbers(after)];
  return [...new Set([...old.keys(), ...current.keys()])]
    .map((path) => ({ file, path, before: old.get(path), after: current.get(path) }))
    .filter(({ before, after }) => before !== after);
}

/** Returns a JSON file's value, or undefined where the file is lost or isn't JSON. */
function readJson(store: Store, digest: Digest): unknown {
  try {
    return JSON.parse(readText(store, digest) ?? "");
  } catch {
    return undefined;
  }
}

function numbersIn(value: unknown, path: string): readonly (readonly [string, number])[] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    numbersIn(member, path ? `${path}.${name}` : name)
  );
}
