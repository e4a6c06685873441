/**
 * Jobs and the engine meet in the store, so that its file system has to be one that nodes share, and that
 * keeps its promises: whole replacement of a file, and locks.
 */

import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { remove, unwritable } from "../store/atomic.ts";

/**
 * Tries what jobs need of the store's file system, as far as that shows from here.
 *
 * @throws {InputError} for the first thing that doesn't work
 */
export function requireSharedFiles(root: string): void {
  const folder = join(root, `probe-${crypto.randomUUID()}`);
  const [first, second] = [join(folder, "first"), join(folder, "second")];
  try {
    Deno.mkdirSync(folder, { recursive: true });
    Deno.writeTextFileSync(first, "first");
    Deno.writeTextFileSync(second, "second");
  } catch (error) {
    throw unwritable(folder, error);
  }
  try {
    attempting(root, "replace a file by another", () => {
      Deno.renameSync(first, second);
      return Deno.readTextFileSync(second) === "first";
    });
    attempting(root, "lock a file against another process", () => locksExclude(second));
  } finally {
    remove(folder);
  }
}

/** Says whether a file that is open twice can be locked by one of the two alone. */
function locksExclude(path: string): boolean {
  using one = Deno.openSync(path, { read: true, write: true });
  using other = Deno.openSync(path, { read: true, write: true });
  return one.tryLockSync(true) && !other.tryLockSync(true) && !other.tryLockSync(false);
}

function attempting(root: string, what: string, works: () => boolean): void {
  let cause: unknown;
  try {
    if (works()) return;
  } catch (error) {
    cause = error;
  }
  const why = cause instanceof Error ? ` (${cause.message})` : "";
  throw new InputError({
    at: { file: root },
    found: `a file system that can't ${what}${why}`,
    expected:
      "one that the nodes share, with locks: NFS 4, Lustre mounted with `flock`, GPFS, CephFS or the like",
    fix: "Configure a store on such a file system (docs/engine.md says how), or run with --executor local.",
  }, { cause });
}
