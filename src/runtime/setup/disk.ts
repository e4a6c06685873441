import { statfsSync } from "node:fs";
import { InputError } from "../../errors.ts";

/**
 * Makes sure that a folder's disk has room.
 *
 * @throws {InputError} where it hasn't
 */
export function requireDiskSpace(folder: string, megabytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free >= megabytes) return;
  throw new InputError({
    found: `${free} MB free on the disk that holds artifacts/`,
    expected: `${megabytes} MB`,
    fix: "Free some space, then run `deno task setup` again.",
  });
}
