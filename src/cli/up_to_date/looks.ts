/**
 * A look is one thing that a run has found out about the file system. Where each look shows the same again,
 * the run would find all as it was.
 */

// They are taken while they are still Deno's own: the watch puts others in their places.
const { lstatSync, realPathSync, statSync } = Deno;

/** What is looked at: what a path leads to, the path itself, the names in a folder, or where links lead. */
export type LookKind = "file" | "link" | "list" | "target";

/** What a look showed, in a line. */
export type Sight = string;

/** Looks at a path as it is now. */
export function lookAt(kind: LookKind, path: string): Sight {
  try {
    if (kind === "target") return `to ${realPathSync(path)}`;
    return sightOf(kind, kind === "link" ? lstatSync(path) : statSync(path));
  } catch (error) {
    return `none ${error instanceof Error ? error.name : error}`;
  }
}

/**
 * Of a folder whose names nobody asked for, all that counts is whether it is the same one: what a run writes
 * itself changes the times of the folders around it. The change time is there because no program can set it.
 */
function sightOf(kind: LookKind, info: Deno.FileInfo): Sight {
  const identity = `${info.dev} ${info.ino} ${info.mode} ${info.uid}`;
  if (info.isDirectory && kind !== "list") return `same ${identity}`;
  return `${info.mtime?.getTime()} ${info.ctime?.getTime()} ${info.size} ${identity}`;
}

const timeResolution = 2000; // milliseconds: Deno gives the change time in whole seconds

/** Says whether a change after this moment, in milliseconds, would show at the next look. */
export function isSettled(sight: Sight, now: number): boolean {
  if (/^(to|none|same) /.test(sight)) return true;
  const [modified, changed] = sight.split(" ").map(Number);
  return now - Math.max(modified ?? NaN, changed ?? NaN) > timeResolution;
}
