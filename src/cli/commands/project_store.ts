import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { prepareStore, requireFormat } from "../../pipeline/store/format.ts";
import { openStore, type Store } from "../../pipeline/store/store.ts";
import type { PipelineOptions } from "./options.ts";

const storeFolder = join("artifacts", ".store");

/**
 * Opens the store of the project in the current folder, for the pipeline file that `--file` names.
 *
 * @throws {InputError} where the store is of another format
 */
export function projectStore(command: Command): Store {
  const { file }: PipelineOptions = command.optsWithGlobals();
  const root = join(Deno.cwd(), storeFolder);
  requireFormat(root);
  return openStore(root, relative(Deno.cwd(), resolve(file)));
}

/**
 * Moves a store of an older format aside, and says so.
 *
 * @throws {InputError} where that can't be done, and where the store is of a newer format
 */
export function replaceOldStore(): void {
  const aside = prepareStore(join(Deno.cwd(), storeFolder));
  if (aside === undefined) return;
  const to = relative(Deno.cwd(), aside);
  console.error(
    `The results in ${storeFolder} are of an older version, which this one can't use: they and their views are now ` +
      `in ${to}. Remove that folder when you don't need them any more.`,
  );
}
