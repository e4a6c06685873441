/**
 * Takes a lock, waiting until no other process holds it. The operating system gives it back when its holder
 * ends, however that happens, so nothing can stay locked.
 *
 * @param waiting is called if another process holds the lock
 */
export async function takeLock(path: string, waiting: () => void): Promise<Disposable> {
  const file = await Deno.open(path, { create: true, write: true });
  if (!await file.tryLock(true)) {
    waiting();
    await file.lock(true);
  }
  return file;
}
