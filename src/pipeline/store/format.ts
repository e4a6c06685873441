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
import { namesIn } from "./store.ts";

/** Returns the version of a store's format, or undefined where there is no store yet. */
function formatOf(root: string): number | undefined {
  const text = readIfThere(join(root, "format"));
  if (text !== undefined) return Number(text);
  return statIfThere(join(root, "actions")) ? 1 : undefined; // version 1 didn't write it down
}

/**
 * Checks that a store is of this version's format, or isn't there yet.
 *
 * @throws {InputError} where it is of another
 */
export function requireFormat(root: string): void {
  const format = formatOf(root);
  if (format === undefined || format === formatVersion) return;
  throw new InputError({
    at: { file: root },
    found: `a store of format ${format}`,
    expected: `one of format ${formatVersion}, which this version reads and writes`,
    fix: format < formatVersion
      ? "`deno task pipeline` moves it aside and makes the results again; CHANGELOG.md says what changed."
      : "Use the version of this project that made it, or a newer one.",
  });
}

/**
 * Makes sure that a store is of this version's format. One of an older format is moved aside, with the views
 * that belong to it.
 *
 * @returns the folder that it was moved to; undefined where that wasn't needed
 * @throws {InputError} where the store is of a newer format or can't be written, and where another process
 *   uses one of an older format
 */
export function prepareStore(root: string): string | undefined {
  const format = formatOf(root);
  if (format === formatVersion && statIfThere(join(root, "format"))) return undefined;
  const isOlder = format !== undefined && format < formatVersion;
  if (!isOlder) requireFormat(root);
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
