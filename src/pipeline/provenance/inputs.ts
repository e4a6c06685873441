/** The single files that an action read, as far as the store still tells. */

import type { ActionKey, Digest } from "../digest.ts";
import type { ActionRecord, InputOrigin } from "../record.ts";
import { readRecord, readText, type Store } from "../store.ts";
import { digestOfTree, parseListing, type Tree, treeWithin } from "../tree.ts";

export interface InputFile {
  /** `model`, `evaluations/scalar`. */
  readonly input: string;
  /** `finetune@scalar/model.safetensors` for what a stage made, a path as in the pipeline file for the user's files. */
  readonly name: string;
  readonly digest: Digest;
  /** Of what a stage made: by which action, and the path within its output. */
  readonly made?: { readonly by: ActionKey; readonly path: string };
}

type OriginFile = Omit<InputFile, "input">;

/** An input whose files are no longer known stands for itself, with its folder's digest. */
export function inputFiles(store: Store, { inputs }: ActionRecord): readonly InputFile[] {
  return Object.entries(inputs).flatMap(([name, variants]) =>
    Object.entries(variants).flatMap(([variant, origin]) => {
      const files = origin.action === undefined
        ? userFiles(store, origin)
        : madeFiles(store, origin, origin.action);
      return files.map((file) => ({ input: variant ? `${name}/${variant}` : name, ...file }));
    })
  );
}

/** An output file's name, by which the inputs of other actions refer to it. */
export function outputName(instance: string, path: string): string {
  return `${instance}/${path}`;
}

function userFiles(store: Store, { from, digest }: InputOrigin): readonly OriginFile[] {
  const text = readText(store, digest);
  const folder = text === undefined ? undefined : parseListing(text);
  return folder
    ? filesIn(folder).map(([path, digest]) => ({ name: `${from}/${path}`, digest }))
    : [{ name: from, digest }];
}

function madeFiles(store: Store, { from, digest }: InputOrigin, by: ActionKey): readonly OriginFile[] {
  const maker = readRecord(store, by);
  const [named, path] = from.split(":", 2);
  const instance = maker?.instance ?? named; // the one that ran: another may share its result
  const made = (path: string, digest: Digest) => ({
    name: outputName(instance, path),
    digest,
    made: { by, path },
  });
  if (path !== undefined && maker?.files[path]?.digest === digest) return [made(path, digest)];
  const folder = maker && treeWithin(maker.files, path);
  if (!folder || digestOfTree(folder) !== digest) return [{ name: from, digest }]; // made differently since, or lost
  return filesIn(folder).map(([inner, digest]) =>
    made(path === undefined ? inner : `${path}/${inner}`, digest)
  );
}

function filesIn(tree: Tree): readonly (readonly [string, Digest])[] {
  return Object.entries(tree).map(([path, { digest }]) => [path, digest]);
}
