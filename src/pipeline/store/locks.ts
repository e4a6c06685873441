/**
 * Locks between processes, and between what one process does at once. They are the operating system's locks on open
 * files: they go with their process, however that ends, and need no clean-up.
 */

import { dirname, join } from "node:path";
import { ifThere, unwritable } from "./atomic.ts";
import type { ActionKey } from "./digest.ts";
import { namesIn } from "./store.ts";

const pollMs = 50;
/** Who waits for longer says so: a start of another run or a clean-up that finds nothing holds a lock for less. */
export const tellAfterMs = 500;

export interface Waiting {
  /** Called once where another holds the lock for more than a moment. */
  onWait(): void;
  /** Ends the wait: no lock is held then. */
  readonly signal: AbortSignal;
}

/** Shares the store with other processes, but with none that removes from it; undefined where the wait was ended. */
export function shareStore(root: string, waiting: Waiting): Promise<Disposable | undefined> {
  return hold(waiting, () => tryHold(join(root, "lock"), false));
}

/** Does what is short while the store is shared. */
export function whileShared<T>(root: string, work: () => T): T {
  using file = openLock(join(root, "lock"));
  file.lockSync(false);
  return work();
}

/** Holds up all that takes from the store or adds to it, for a moment; undefined where the wait was ended. */
export function holdStore(root: string, waiting: Waiting): Promise<Disposable | undefined> {
  return hold(waiting, () => tryHold(join(root, "lock"), true));
}

/** Has the store for this process alone: no run is under way; undefined where the wait was ended. */
export function ownStore(root: string, waiting: Waiting): Promise<Disposable | undefined> {
  return hold(waiting, () => tryOwn(root));
}

/** Does this if no other process uses the store. */
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

/** Makes the file of a run, which is locked as long as the run's process lives. */
export function openRunFile(path: string): Deno.FsFile {
  const file = openLock(path);
  file.lockSync(true);
  return file;
}

/** The files of the runs under way. */
export function livingRunFiles(root: string): readonly string[] {
  const paths = namesIn(join(root, "runs")).map((name) => join(root, "runs", name));
  return paths.filter((path) =>
    ifThere(() => { // it goes where its run ends
      using file = Deno.openSync(path);
      return !file.tryLockSync(true);
    })
  );
}

/** Lets one at a time do an action, so that the others find its result; undefined where another does it now. */
export function tryLockAction(root: string, key: ActionKey): Disposable | undefined {
  return tryHold(join(root, "locks", key), true);
}

/** Does what is short, one process at a time. */
export function whileLocked(root: string, name: string, work: () => void): void {
  using file = openLock(join(root, "locks", name));
  file.lockSync(true);
  work();
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

/** @throws {InputError} where nothing can be written: with a disk that is full, or a store that is read-only */
function openLock(path: string): Deno.FsFile {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    return Deno.openSync(path, { write: true, create: true });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}
