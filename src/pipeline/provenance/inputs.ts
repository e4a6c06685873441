/** The standard formats name each single file that an action read, as far as the store still tells. */

import type { ActionKey, Digest } from "../store/digest.ts";
import { namedParts } from "../store/input_parts.ts";
import { inputFolder, instanceIn, pathWithin } from "../store/lineage.ts";
import type { ActionRecord, InputOrigin } from "../store/record.ts";
import { readRecord } from "../store/results.ts";
import type { Store } from "../store/store.ts";
import { fileIn, type Tree } from "../store/tree.ts";

export interface InputFile {
  /** The input's name, such as `model` or `evaluations/scalar`. */
  readonly input: string;
  /**
   * Such as `finetune@scalar/model.safetensors` for what a stage made; for files of the user the path in the
   * pipeline file.
   */
  readonly name: string;
  readonly digest: Digest;
  /** For what a stage made: the action that made it, and the path within that action's output. */
  readonly made?: { readonly by: ActionKey; readonly path: string };
}

type OriginFile = Omit<InputFile, "input">;

/**
 * Lists the files that an action read. An input whose files are no longer known stands for itself, with its
 * folder's digest.
 */
export function inputFiles(store: Store, { inputs }: ActionRecord): readonly InputFile[] {
  return namedParts(inputs).flatMap(({ name, part: origin }) => {
    const files = origin.action === undefined
      ? userFiles(store, origin)
      : madeFiles(store, origin, origin.action);
    return files.map((file) => ({ input: name, ...file }));
  });
}

/** Returns an output file's name, by which the inputs of other actions refer to it. */
export function outputName(instance: string, path: string): string {
  return `${instance}/${path}`;
}

function userFiles(store: Store, origin: InputOrigin): readonly OriginFile[] {
  const { from, digest } = origin;
  const folder = inputFolder(store, origin);
  return folder
    ? filesIn(folder).map(([path, digest]) => ({ name: `${from}/${path}`, digest }))
    : [{ name: from, digest }];
}

function madeFiles(store: Store, origin: InputOrigin, by: ActionKey): readonly OriginFile[] {
  const { from, digest } = origin;
  const maker = readRecord(store, by);
  const path = pathWithin(from);
  const instance = maker?.instance ?? instanceIn(from); // the one that ran, since others may share its result
  const made = (path: string, digest: Digest) => ({
    name: outputName(instance, path),
    digest,
    made: { by, path },
  });
  if (path !== undefined && maker && fileIn(maker.files, path)?.digest === digest) {
    return [made(path, digest)];
  }
  const folder = inputFolder(store, origin);
  if (!folder) return [{ name: from, digest }];
  return filesIn(folder).map(([inner, digest]) =>
    made(path === undefined ? inner : `${path}/${inner}`, digest)
  );
}

function filesIn(tree: Tree): readonly (readonly [string, Digest])[] {
  return Object.entries(tree).map(([path, { digest }]) => [path, digest]);
}
