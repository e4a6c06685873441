/**
 * Locks between processes, and between what one process does at once. They are the operating system's locks on open
 * files: they go with their process, however that ends, and need no clean-up.
 */

import { dirname, join } from "node:path";
import { unwritable } from "./atomic.ts";
import type { ActionKey } from "./digest.ts";

const pollMs = 50;
/** Who waits for longer says so: a start of another run or a clean-up that finds nothing holds a lock for less. */
export const tellAfterMs = 500;

export interface Waiting {
  /** Called once where another holds the lock for more than a moment. */
  onWait(): void;
  /** Ends the wait: no lock is held then. */
  readonly signal: AbortSignal;
}

/** Shares the store with other runs but not with a clean-up; undefined where the wait was ended. */
export function shareStore(root: string, waiting: Waiting): Promise<Disposable | undefined> {
  return hold(join(root, "lock"), false, waiting);
}

/** Has the store for this process alone; undefined where the wait was ended. */
export function ownStore(root: string, waiting: Waiting): Promise<Disposable | undefined> {
  return hold(join(root, "lock"), true, waiting);
}

/** Does this if no other process uses the store. */
export function ifAlone(root: string, work: () => void): void {
  using file = openLock(join(root, "lock"));
  if (file.tryLockSync(true)) work();
}

/** Lets one at a time do an action, so that the others find its result; undefined where the wait was ended. */
export function lockAction(root: string, key: ActionKey, waiting: Waiting): Promise<Disposable | undefined> {
  return hold(join(root, "locks", key), true, waiting);
}

/** Likewise, without a wait: undefined where another has the lock. */
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
  path: string,
  exclusive: boolean,
  { onWait, signal }: Waiting,
): Promise<Disposable | undefined> {
  for (let waited = 0; !signal.aborted; waited += pollMs) {
    const held = tryHold(path, exclusive);
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
