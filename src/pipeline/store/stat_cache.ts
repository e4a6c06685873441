/** Remembers a file's digest beside its size and times, so that an unchanged file isn't read again. */

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

/** Opens the cache kept in this file, a line for each name; one that is missing is empty, broken lines say nothing. */
export function openStatCache(path: string): StatCache {
  const lines = readEntries(path);
  let changed = false;
  return {
    recall(name, fingerprint) {
      const line = fingerprint === undefined ? undefined : lines.get(JSON.stringify(name));
      return line?.startsWith(`${fingerprint}\t`) ? parseText(line.slice(line.indexOf("\t") + 1)) : undefined;
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

/** Name → fingerprint and text, as written: of ten thousand lines a run may need a few, so they are parsed when asked for. */
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
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

function parseText(json: string): string | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
