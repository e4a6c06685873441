import { basename, join } from "node:path";
import { type Instance, makerParts } from "../graph/instance.ts";
import type { Results } from "../plan/key.ts";
import { layTree, linkBlob } from "../store/blobs.ts";
import { mapParts, type PartsByInput, singlePart } from "../store/input_parts.ts";
import type { Store } from "../store/store.ts";
import { fileIn, treeWithin } from "../store/tree.ts";

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
    const files = results.get(instance)?.files;
    if (!files) throw new Error(`${instance} has no result`);
    // A single file keeps its name, since its ending may say what it is.
    const single = path === undefined ? undefined : fileIn(files, path);
    if (single && path) return linkBlob(store, single.digest, join(target, basename(path)));
    layTree(store, treeWithin(files, path), target);
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
