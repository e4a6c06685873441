/**
 * The stat cache remembers digests, and other texts, beside the size and times of the files that they were
 * made from, so that an unchanged file isn't read again.
 */

import { oddityAt, writeAtomically } from "./atomic.ts";

declare const fingerprintBrand: unique symbol;

/**
 * A file's size, times and inode in a line, which tell a changed file from an unchanged one without reading
 * it.
 */
export type Fingerprint = string & { readonly [fingerprintBrand]: true };

export interface StatCache {
  /** Returns the text remembered under this name, if the file's fingerprint is still the same. */
  recall(name: string, fingerprint: Fingerprint | undefined): string | undefined;
  remember(name: string, fingerprint: Fingerprint | undefined, text: string): void;
  /** Forgets all names but these. */
  retain(isKept: (name: string) => boolean): void;
  /**
   * Writes the cache to its file where it has changed. A process that dies before that only has to read the
   * files again.
   */
  save(): void;
}

/**
 * Returns a file's fingerprint, or undefined where the file is too fresh for one. The change time is part of
 * it because no program can set that: an edit that restores size and modification time still shows.
 */
export function fingerprintOf(info: Deno.FileInfo): Fingerprint | undefined {
  const changed = Math.max(info.mtime?.getTime() ?? Infinity, info.ctime?.getTime() ?? Infinity);
  if (Date.now() - changed < timeResolution) return undefined;
  return `${info.size} ${info.mtime?.getTime()} ${info.ctime?.getTime()} ${info.ino}` as Fingerprint;
}

/**
 * While they are this fresh, a file's times may not show that it changed again, since Deno gives the change
 * time in whole seconds.
 */
const timeResolution = 2000; // milliseconds

/**
 * Opens the cache kept in this file, which has a line for each name. A missing file is an empty cache, and
 * broken lines are ignored.
 */
export function openStatCache(path: string): StatCache {
  const lines = readEntries(path);
  let changed = false;
  return {
    recall(name, fingerprint) {
      const line = fingerprint === undefined ? undefined : lines.get(JSON.stringify(name));
      return line?.startsWith(`${fingerprint}\t`) ? textIn(line.slice(line.indexOf("\t") + 1)) : undefined;
    },
    remember(name, fingerprint, text) {
      if (fingerprint === undefined) return;
      lines.set(JSON.stringify(name), `${fingerprint}\t${JSON.stringify(text)}`);
      changed = true;
    },
    retain(isKept) {
      const dropped = [...lines.keys()].filter((name) => !isKept(JSON.parse(name)));
      dropped.forEach((name) => lines.delete(name));
      changed ||= dropped.length > 0;
    },
    save() {
      if (changed) writeAtomically(path, [...lines].map((line) => `${line.join("\t")}\n`).sort().join(""));
      changed = false;
    },
  };
}

/**
 * Returns the value whose JSON is remembered under this name, if the file's fingerprint is still the same;
 * undefined as well where that is no JSON.
 */
export function recallJson(cache: StatCache, name: string, fingerprint: Fingerprint | undefined): unknown {
  const text = cache.recall(name, fingerprint);
  return text === undefined ? undefined : parsed(text);
}

/**
 * Reads the lines: name → fingerprint and text, both still as JSON. A run may need a few of ten thousand, so
 * they are parsed when they are asked for.
 */
function readEntries(path: string): Map<string, string> {
  const lines = new Map<string, string>();
  for (const line of readText(path).split("\n")) {
    const end = line.indexOf("\t");
    if (end >= 0) lines.set(line.slice(0, end), line.slice(end + 1));
  }
  return lines;
}

function readText(path: string): string {
  try {
    return oddityAt(path) === undefined ? Deno.readTextFileSync(path) : "";
  } catch {
    return "";
  }
}

function textIn(json: string): string | undefined {
  const text = parsed(json);
  return typeof text === "string" ? text : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
