import { basename, join } from "node:path";
import { type Instance, makerParts } from "../graph/instance.ts";
import type { Results } from "../plan/key.ts";
import { linkBlob } from "../store/blobs.ts";
import { mapParts, type PartsByInput, singlePart } from "../store/input_parts.ts";
import type { Store } from "../store/store.ts";

/**
 * Lays an instance's inputs out in a folder, as links to the blobs of what other instances made. Files of the
 * user stay where they are.
 *
 * @returns the path of each input's parts
 */
export function stageInputs(
  store: Store,
  { inputs }: Instance,
  results: Results,
  folder: string,
): PartsByInput<string> {
  const place = (instance: string, path: string | undefined, target: string) => {
    const files = Object.entries(results.get(instance)?.files ?? {});
    // A single file keeps its name, since its ending may say what it is.
    const single = files.find(([name]) => name === path);
    if (single) return linkBlob(store, single[1].digest, join(target, basename(single[0])));
    const prefix = path === undefined ? "" : `${path}/`;
    for (const [name, { digest }] of files) {
      if (name.startsWith(prefix)) linkBlob(store, digest, join(target, name.slice(prefix.length)));
    }
    return target;
  };
  return Object.fromEntries([...inputs].map(([name, source]) => {
    if (source.kind === "userFiles") return [name, singlePart(source.file)];
    const placed = mapParts(
      makerParts(source),
      (instance, variant) => place(instance, source.path, join(folder, name, variant)),
    );
    return [name, placed];
  }));
}
