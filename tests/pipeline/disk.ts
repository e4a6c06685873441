/** Small file systems of their own; only root may mount such. */

import assert from "node:assert/strict";

/** Calls `mount` with these arguments, and says whether it did what they ask. */
export function mount(...args: readonly string[]): boolean {
  try {
    return new Deno.Command("mount", { args: [...args], stderr: "null" }).outputSync().success;
  } catch {
    return false; // no such command
  }
}

function unmount(path: string): void {
  new Deno.Command("umount", { args: ["--lazy", path] }).outputSync();
}

/** Says whether this user may mount a disk. */
export function mayMount(): boolean {
  const folder = Deno.makeTempDirSync();
  const mounted = mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder);
  if (mounted) unmount(folder);
  Deno.removeSync(folder);
  return mounted;
}

/** Makes a folder that is a disk of its own of this size, and does this meanwhile. */
export async function onDisk(folder: string, size: string, work: () => Promise<void>): Promise<void> {
  Deno.mkdirSync(folder);
  assert.ok(mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder));
  try {
    await work();
  } finally {
    unmount(folder);
  }
}
