import { basename, join } from "node:path";
import { type Instance, makerParts } from "../graph/instance.ts";
import type { Results } from "../plan/key.ts";
import type { Action } from "../plan/plan.ts";
import { layTree, linkBlob } from "../store/blobs.ts";
import { mapParts, type Parts, type PartsByInput, singlePart, singlePartOf } from "../store/input_parts.ts";
import type { Store } from "../store/store.ts";
import { fileIn, treeWithin } from "../store/tree.ts";
import type { Snapshots } from "./snapshots.ts";

/** What is laid out for an action's stage. */
export interface StageInputs {
  readonly instance: Instance;
  readonly action: Action;
  /** The records of the instances that this one follows. */
  readonly results: Results;
  readonly snapshots: Snapshots;
}

/**
 * Lays an instance's inputs out in a folder, as links to the blobs of what other instances made and to
 * snapshots of the user's files. A single file keeps its name, since its ending may say what it is.
 *
 * @returns the path of each input's parts; undefined where files of the user are no longer what the action's
 *   key stands for
 */
export function layInputs(
  store: Store,
  { instance, action, results, snapshots }: StageInputs,
  folder: string,
): PartsByInput<string> | undefined {
  const laid = new Map<string, Parts<string>>();
  for (const [name, source] of instance.inputs) {
    if (source.kind !== "userFiles") {
      const place = (maker: string, variant: string) =>
        layOutput(store, results, maker, source.path, join(folder, name, variant));
      laid.set(name, mapParts(makerParts(source), place));
      continue;
    }
    const origin = singlePartOf(action.origins[name] ?? {});
    if (!origin) throw new Error(`the input ${name} has no origin`);
    const path = join(folder, name, origin.file ?? "");
    if (!snapshots.lay(source, origin.digest, path)) return undefined;
    laid.set(name, singlePart(path));
  }
  return Object.fromEntries(laid);
}

/** Links what an instance made, or what lies at a path in it, into a folder, and returns where it is. */
function layOutput(
  store: Store,
  results: Results,
  instance: string,
  path: string | undefined,
  target: string,
): string {
  const files = results.get(instance)?.files;
  if (!files) throw new Error(`${instance} has no result`);
  const single = path === undefined ? undefined : fileIn(files, path);
  if (single && path !== undefined) return linkBlob(store, single.digest, join(target, basename(path)));
  layTree(store, treeWithin(files, path), target);
  return target;
}
