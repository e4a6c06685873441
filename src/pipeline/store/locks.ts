/**
 * Locks keep processes from disturbing each other, and likewise what one process does at once. They are the
 * operating system's locks on open files, which end with their process however that ends, so they need no
 * clean-up.
 */

import { dirname, join } from "node:path";
import { ifThere, oddityAt, unwritable } from "./atomic.ts";
import type { ActionKey } from "./digest.ts";
import { namesIn } from "./store.ts";

const pollMs = 50;
/**
 * Milliseconds after which a wait is reported. Another run's start, or a clean-up that finds nothing, holds a
 * lock for less.
 */
export const tellAfterMs = 500;

export interface Waiting {
  /** Called once where another process holds the lock for more than a moment. */
  onWait(): void;
  /** Ends the wait when it fires; the lock isn't taken then. */
  readonly signal: AbortSignal;
}

/**
 * Takes a share of the store, which others may have too, but nothing is removed from it meanwhile. Undefined
 * where the wait was ended.
 */
export function shareStore(root: string, waiting: Waiting): Promise<Disposable | undefined> {
  return hold(waiting, () => tryHold(join(root, "lock"), false));
}

/** Does a short piece of work while holding a share of the store. */
export function whileShared<T>(root: string, work: () => T): T {
  using file = openLock(join(root, "lock"));
  file.lockSync(false);
  return work();
}

/**
 * Holds up, for a moment, whatever takes results from the store or adds them. Undefined where the wait was
 * ended.
 */
export function holdStore(root: string, waiting: Waiting): Promise<Disposable | undefined> {
  return hold(waiting, () => tryHold(join(root, "lock"), true));
}

/**
 * Takes the store for this process alone, which waits until no run is under way. Undefined where the wait was
 * ended.
 */
export function ownStore(root: string, waiting: Waiting): Promise<Disposable | undefined> {
  return hold(waiting, () => tryOwn(root));
}

/** Does the work if no other process uses the store, and otherwise leaves it. */
export function ifAlone(root: string, work: () => void): void {
  using alone = tryOwn(root);
  if (alone) work();
}

function tryOwn(root: string): Disposable | undefined {
  const held = tryHold(join(root, "lock"), true);
  if (!held || livingRunFiles(root).length === 0) return held;
  held[Symbol.dispose]();
  return undefined;
}

/** Makes the file of a run and locks it for as long as the run's process lives. */
export function openRunFile(path: string): Deno.FsFile {
  const file = openLock(path);
  file.lockSync(true);
  return file;
}

/** Returns the paths of the files of the runs under way. */
export function livingRunFiles(root: string): readonly string[] {
  const paths = namesIn(join(root, "runs")).map((name) => join(root, "runs", name))
    .filter((path) => oddityAt(path) === undefined);
  return paths.filter((path) =>
    ifThere(() => { // the file is removed when its run ends
      using file = Deno.openSync(path, { read: true, write: true });
      return !file.tryLockSync(true);
    })
  );
}

/**
 * Takes the lock of an action, so that one process at a time makes its result and the others then find it.
 * Undefined where another has it.
 */
export function tryLockAction(root: string, key: ActionKey): Disposable | undefined {
  return tryHold(join(root, "locks", key), true);
}

/** Does a short piece of work that only one process at a time may do. */
export function whileLocked<T>(root: string, name: string, work: () => T): T {
  using file = openLock(join(root, "locks", name));
  file.lockSync(true);
  return work();
}

async function hold(
  { onWait, signal }: Waiting,
  tryOnce: () => Disposable | undefined,
): Promise<Disposable | undefined> {
  for (let waited = 0; !signal.aborted; waited += pollMs) {
    const held = tryOnce();
    if (held) return held;
    if (waited === tellAfterMs) onWait();
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return undefined;
}

function tryHold(path: string, exclusive: boolean): Disposable | undefined {
  const file = openLock(path);
  if (file.tryLockSync(exclusive)) return { [Symbol.dispose]: () => file.close() };
  file.close();
  return undefined;
}

/**
 * Opens a lock's file, and makes it where it isn't there.
 *
 * @throws {InputError} where it can't be written: the disk is full, or the store is read-only
 */
function openLock(path: string): Deno.FsFile {
  const oddity = oddityAt(path);
  if (oddity !== undefined) throw unwritable(path, `${oddity} is in a lock's place`);
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    // Over NFS only a file that is open for reading can be shared, and only one for writing can be owned.
    return Deno.openSync(path, { read: true, write: true, create: true });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}
