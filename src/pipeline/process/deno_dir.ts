/**
 * Deno keeps what a program stores for its next run (`localStorage`, `caches`, `Deno.openKv`) in DENO_DIR, in
 * files that need no permission. A stage's process gets a DENO_DIR of its own, so that nothing gets from one
 * attempt to another except by inputs.
 */

import { join, resolve } from "node:path";
import { ifThere } from "../store/atomic.ts";

/**
 * Makes a DENO_DIR that shares the user's downloaded and compiled modules by links, and is empty otherwise.
 *
 * @returns the folder
 */
export function makeDenoDir(folder: string): string {
  Deno.mkdirSync(folder);
  const shared = userDenoDir() ?? "";
  const names = (ifThere(() => [...Deno.readDirSync(shared)]) ?? []).map(({ name }) => name)
    // SQLite finds a database's -shm and -wal beside the file that a link to the database leads to.
    .filter((name) => name !== "location_data" && !/-(shm|wal|journal)$/.test(name));
  if (names.length === 0) return folder;
  // Deno itself makes symbolic links only for a program that may write everywhere.
  const { success, stderr } = new Deno.Command("ln", {
    args: ["-s", ...names.map((name) => join(shared, name)), folder],
  }).outputSync();
  if (!success) throw new Error(`no links to ${shared}: ${new TextDecoder().decode(stderr).trim()}`);
  return folder;
}

/** Returns the folder that Deno's cache is in, or undefined where the environment doesn't say. */
function userDenoDir(): string | undefined {
  const [own, cache, home] = ["DENO_DIR", "XDG_CACHE_HOME", "HOME"].map((name) => Deno.env.get(name));
  if (own) return resolve(own);
  if (Deno.build.os === "darwin") return home && join(home, "Library", "Caches", "deno");
  return cache ? join(cache, "deno") : home && join(home, ".cache", "deno");
}
