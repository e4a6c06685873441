import { basename, join } from "node:path";
import type { Instance } from "../graph/instance.ts";
import type { Results } from "../plan/key.ts";
import { linkBlob, type Store } from "../store/store.ts";

/**
 * Lays an instance's inputs out in a folder: links to the blobs of what other instances made. Files of the user stay
 * where they are.
 *
 * @returns input name → variant → path; inputs that aren't `stage@*` have one, under the empty name
 */
export function stageInputs(
  store: Store,
  { inputs }: Instance,
  results: Results,
  folder: string,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const place = (instance: string, path: string | undefined, target: string) => {
    const files = Object.entries(results.get(instance)?.files ?? {});
    // A single file keeps its name, for the sake of its ending.
    const single = files.find(([name]) => name === path);
    if (single) return linkBlob(store, single[1].digest, join(target, basename(single[0])));
    const prefix = path === undefined ? "" : `${path}/`;
    for (const [name, { digest }] of files) {
      if (name.startsWith(prefix)) linkBlob(store, digest, join(target, name.slice(prefix.length)));
    }
    return target;
  };
  return Object.fromEntries([...inputs].map(([name, source]) => {
    if (source.kind === "userFiles") return [name, { "": source.file }];
    const instances = source.kind === "output" ? [["", source.instance] as const] : [...source.variants];
    const placed = instances.map(([variant, instance]) =>
      [variant, place(instance, source.path, join(folder, name, variant))] as const
    );
    return [name, Object.fromEntries(placed)];
  }));
}
