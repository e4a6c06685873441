import { join } from "node:path";

const pollMs = 100;

/**
 * Holds the store's lock, so that one run at a time changes it. It is the operating system's lock on an open file: it
 * goes with its process, however that ends, and needs no clean-up.
 *
 * @param onWait called once where another run holds it
 * @returns what releases it
 * @throws the signal's reason where it fires first
 */
export async function lockStore(root: string, onWait: () => void, signal: AbortSignal): Promise<Disposable> {
  Deno.mkdirSync(root, { recursive: true });
  const file = Deno.openSync(join(root, "lock"), { write: true, create: true });
  let waiting = false;
  try {
    while (!file.tryLockSync(true)) {
      signal.throwIfAborted();
      if (!waiting) onWait();
      waiting = true;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  } catch (error) {
    file.close();
    throw error;
  }
  return { [Symbol.dispose]: () => file.close() };
}
