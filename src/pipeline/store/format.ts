/**
 * A store says in its file `format` which version's keys and records it holds. One of an older version isn't
 * read: its records would be none, and its views would look like a person's folders.
 */

import { dirname, join } from "node:path";
import { InputError } from "../../errors.ts";
import { readIfThere, statIfThere, unwritable, writeAtomically } from "./atomic.ts";
import { folderOf, parseInstanceName } from "./instance_name.ts";
import { ifAlone } from "./locks.ts";
import { formatVersion } from "./record.ts";
import { namesIn, realPathOf, storeRootOf } from "./store.ts";

/** Returns the version of a store's format, or undefined where there is no store yet. */
function formatOf(root: string): number | undefined {
  const text = readIfThere(join(root, "format"));
  if (text !== undefined) return Number(text);
  return statIfThere(join(root, "actions")) ? 1 : undefined; // version 1 didn't write it down
}

/** Returns a store's folder, and whether it is one that checkouts share. */
function storeAt(folder: string): { readonly root: string; readonly isShared: boolean } {
  const state = realPathOf(folder);
  const root = storeRootOf(state);
  return root === state ? { root: folder, isShared: false } : { root, isShared: true };
}

/**
 * Checks that a store is of this version's format, or isn't there yet.
 *
 * @param folder the store's folder, `artifacts/.store` of a project
 * @throws {InputError} where it is of another
 */
export function requireFormat(folder: string): void {
  const { root, isShared } = storeAt(folder);
  const format = formatOf(root);
  if (format === undefined || format === formatVersion) return;
  throw new InputError({
    at: { file: root },
    found: `a store of format ${format}`,
    expected: `one of format ${formatVersion}, which this version reads and writes`,
    fix: isShared
      ? "Checkouts share it, which may be of that version: remove artifacts/.store, which is a link, and configure " +
        "another place."
      : format < formatVersion
      ? "`deno task pipeline` moves it aside and makes the results again; CHANGELOG.md says what changed."
      : "Use the version of this project that made it, or a newer one.",
  });
}

/**
 * Makes sure that a store is of this version's format. One of an older format is moved aside, with the views
 * that belong to it, unless checkouts share it.
 *
 * @param folder the store's folder, `artifacts/.store` of a project
 * @returns the folder that it was moved to; undefined where that wasn't needed
 * @throws {InputError} where the store is of a newer format or can't be written, and where another process or
 *   another checkout uses one of an older format
 */
export function prepareStore(folder: string): string | undefined {
  const { root, isShared } = storeAt(folder);
  const format = formatOf(root);
  if (format === formatVersion && statIfThere(join(root, "format"))) return undefined;
  const isOlder = format !== undefined && format < formatVersion && !isShared;
  if (!isOlder) requireFormat(folder);
  try {
    const aside = isOlder ? moveAside(root, format) : undefined;
    writeAtomically(join(root, "format"), `${formatVersion}\n`);
    return aside;
  } catch (error) {
    throw error instanceof InputError ? error : unwritable(root, error);
  }
}

function moveAside(root: string, format: number): string {
  const names = Array.from(
    { length: 100 },
    (_, index) => `${root}-${format}${index === 0 ? "" : `.${index}`}`,
  );
  const aside = names.find((name) => !statIfThere(name)) ?? `${root}-${crypto.randomUUID()}`;
  let isMoved = false;
  ifAlone(root, () => {
    const instances = namesIn(join(root, "latest")).flatMap((name) => parseInstanceName(name) ?? []);
    Deno.renameSync(root, aside);
    for (const view of instances.map(folderOf)) {
      const path = join(dirname(root), view);
      if (!statIfThere(path)) continue;
      Deno.mkdirSync(dirname(join(aside, "shown", view)), { recursive: true });
      Deno.renameSync(path, join(aside, "shown", view));
    }
    isMoved = true;
  });
  if (isMoved) return aside;
  throw new InputError({
    at: { file: root },
    found: `a store of format ${format}, which another process uses`,
    expected: "one that can be moved aside",
    fix: "Wait until that process has ended.",
  });
}
