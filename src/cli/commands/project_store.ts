/** The store of the project in the current folder. */

import { isAbsolute, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../errors.ts";
import { joinStore } from "../../pipeline/store/checkouts.ts";
import { prepareStore, requireFormat } from "../../pipeline/store/format.ts";
import { openStore, type Store } from "../../pipeline/store/store.ts";
import { withLinkedArtifacts } from "../program/linked_artifacts.ts";
import { userConfiguration } from "./configuration.ts";
import type { PipelineOptions } from "./options.ts";

const storeFolder = join("artifacts", ".store");

/**
 * Makes sure that the results are where the user has configured it, and that the process may write there. Where
 * it may not, the whole command line runs again in one that may.
 *
 * @throws {InputError} where no results can be there, and where those of this checkout are elsewhere
 */
export async function settleStore(): Promise<void> {
  const place = configuredStore();
  await withLinkedArtifacts(place, () => {
    if (place !== undefined) joinStore(place, join(Deno.cwd(), "artifacts"));
  });
}

/** Returns the absolute path of the store in the environment or the configuration; undefined where neither has one. */
function configuredStore(): string | undefined {
  const place = Deno.env.get("CALIBRANT_STORE") ?? userConfiguration().store;
  if (place === undefined || place === "" || isAbsolute(place)) return place || undefined;
  throw new InputError({
    found: `the store's place ${JSON.stringify(place)}`,
    expected: "an absolute path, such as /data/calibrant-store",
    fix: "Correct CALIBRANT_STORE, or `store` in your configuration.",
  });
}

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
