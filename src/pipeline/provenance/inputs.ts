/** The single files that an action read, as far as the store still tells. */

import type { Digest } from "../digest.ts";
import type { ActionRecord, InputOrigin } from "../record.ts";
import { readRecord, readText, type Store } from "../store.ts";
import { digestOfTree, parseListing, type Tree, treeWithin } from "../tree.ts";

export interface InputFile {
  /** `model`, `evaluations/scalar`. */
  readonly input: string;
  /** `finetune@scalar/model.safetensors` for what a stage made, a path as in the pipeline file for the user's files. */
  readonly name: string;
  readonly digest: Digest;
}

/** An input whose folder's listing is lost stands for itself, with the listing's digest. */
export function inputFiles(store: Store, { inputs }: ActionRecord): readonly InputFile[] {
  return Object.entries(inputs).flatMap(([name, variants]) =>
    Object.entries(variants).flatMap(([variant, origin]) =>
      filesOf(store, origin).map((file) => ({ input: variant ? `${name}/${variant}` : name, ...file }))
    )
  );
}

/** An output file's name, by which the inputs of other actions refer to it. */
export function outputName(instance: string, path: string): string {
  return `${instance}/${path}`;
}

function filesOf(store: Store, origin: InputOrigin): readonly Omit<InputFile, "input">[] {
  const { from, digest } = origin;
  const [instance, path] = origin.action === undefined ? [from] : from.split(":", 2);
  const whole = path === undefined ? from : outputName(instance, path);
  const files = origin.action === undefined ? listing(store, digest) : madeFiles(store, origin, path);
  if (!files) return [{ name: whole, digest }];
  return Object.entries(files).map(([name, entry]) => ({ name: `${whole}/${name}`, digest: entry.digest }));
}

/** The files in a folder of the user; undefined for a single file. */
function listing(store: Store, digest: Digest): Tree | undefined {
  const text = readText(store, digest);
  return text === undefined ? undefined : parseListing(text);
}

/** The files in what another action made; undefined for a single file, or where that action made others since. */
function madeFiles(
  store: Store,
  { action, digest }: InputOrigin,
  path: string | undefined,
): Tree | undefined {
  const made = action && readRecord(store, action);
  const files = made && treeWithin(made.files, path);
  return files && digestOfTree(files) === digest ? files : undefined;
}
