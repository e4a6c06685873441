/** Remembers a file's digest beside its size and times, so that an unchanged file isn't read again. */

import { z } from "zod";
import { writeAtomically } from "./atomic.ts";

declare const fingerprintBrand: unique symbol;

/** What tells a changed file from an unchanged one without reading it. */
export type Fingerprint = string & { readonly [fingerprintBrand]: true };

export interface StatCache {
  /** The text remembered under this name, if the file's fingerprint is still the same. */
  recall(name: string, fingerprint: Fingerprint | undefined): string | undefined;
  remember(name: string, fingerprint: Fingerprint | undefined, text: string): void;
  /** Forgets all names but these. */
  retain(isKept: (name: string) => boolean): void;
  /** Writes what is new; a process that dies before only has to read the files again. */
  save(): void;
}

/** Size, times and inode of a file: the change time can't be set by hand, so an edit that restores the rest shows. */
export function fingerprintOf(info: Deno.FileInfo): Fingerprint | undefined {
  const changed = Math.max(info.mtime?.getTime() ?? Infinity, info.ctime?.getTime() ?? Infinity);
  if (Date.now() - changed < timeResolution) return undefined;
  return `${info.size} ${info.mtime?.getTime()} ${info.ctime?.getTime()} ${info.ino}` as Fingerprint;
}

/**
 * A file may change again without its times showing it while they are this fresh (Deno gives the change time in whole
 * seconds), so it isn't remembered yet.
 */
const timeResolution = 2000; // milliseconds

const entriesSchema = z.array(z.tuple([z.string(), z.tuple([z.string(), z.string()])]));

/** Opens the cache kept in this file; one that is missing or broken is empty. */
export function openStatCache(path: string): StatCache {
  const entries = readEntries(path);
  let changed = false;
  return {
    recall(name, fingerprint) {
      const [known, text] = entries.get(name) ?? [];
      return fingerprint !== undefined && known === fingerprint ? text : undefined;
    },
    remember(name, fingerprint, text) {
      if (fingerprint === undefined) return;
      entries.set(name, [fingerprint, text]);
      changed = true;
    },
    retain(isKept) {
      const dropped = [...entries.keys()].filter((name) => !isKept(name));
      dropped.forEach((name) => entries.delete(name));
      changed ||= dropped.length > 0;
    },
    save() {
      if (changed) writeAtomically(path, JSON.stringify([...entries].sort(([a], [b]) => (a < b ? -1 : 1))));
      changed = false;
    },
  };
}

function readEntries(path: string): Map<string, readonly [string, string]> {
  try {
    return new Map(entriesSchema.parse(JSON.parse(Deno.readTextFileSync(path))));
  } catch {
    return new Map();
  }
}
