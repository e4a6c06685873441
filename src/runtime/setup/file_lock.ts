/**
 * Waits until no other process holds the lock. The operating system gives it back when its holder ends, however it
 * ends, so nothing can be left locked.
 *
 * @param waiting is called if another process holds it
 */
export async function takeLock(path: string, waiting: () => void): Promise<Disposable> {
  const file = await Deno.open(path, { create: true, write: true });
  if (!await file.tryLock(true)) {
    waiting();
    await file.lock(true);
  }
  return file;
}
