import { InputError } from "../errors.ts";
import { excerpt } from "../excerpt.ts";
import { buckets } from "./buckets.ts";
import { normalised } from "./near_duplicates.ts";
import type { Row } from "./rows.ts";
import { splitNames, type Splits } from "./splits.ts";
import { hashOf } from "./word_sets.ts";

/**
 * Checks that splits share no row, which {@link partition} promises: no id is in two splits, and no text
 * either, where texts count as the same if {@link normalised} makes them so.
 *
 * @param test the rows of a test set, which is another split here
 * @throws {InputError} naming the first id or text that is in two splits
 */
export function checkLeakage(splits: Splits, test: readonly Row[] = []): void {
  const all = { ...splits, test };
  const names = [...splitNames, "test"] as const;
  const rows = names.flatMap((name) => all[name]);
  const homes = names.flatMap((name) => Array<string>(all[name].length).fill(name));
  const leaks = [leakOf(rows, homes, ({ id }) => id, "id"), leakOf(rows, homes, normalised, "text")];
  const [first] = leaks.filter((leak) => leak !== undefined).sort((a, b) => a.later - b.later);
  if (!first) return;
  throw new InputError({
    found: `the ${first.what} ${excerpt(first.key)} in ${first.home} and in ${homes[first.later]}`,
    expected: "splits that share no row",
    fix: "Give each row of the source an id of its own, and each text once.",
  });
}

/** A row whose id or text is in an earlier split too. */
interface Leak {
  readonly what: string;
  readonly key: string;
  readonly home: string;
  readonly later: number;
}

/**
 * Finds the first row whose key a row of another split has. Keys are compared where their hashes are the same, which
 * takes less memory than a map of all of them.
 */
function leakOf(
  rows: readonly Row[],
  homes: readonly string[],
  keyOf: (row: Row) => string,
  what: string,
): Leak | undefined {
  let first: Leak | undefined;
  for (const bucket of buckets(Uint32Array.from(rows, (row) => hashOf(keyOf(row))))) {
    const known = new Map<string, string>();
    for (const later of bucket) {
      const key = keyOf(rows[later]);
      const home = known.get(key);
      known.set(key, home ?? homes[later]);
      if (home === undefined || home === homes[later] || (first && first.later <= later)) continue;
      first = { what, key, home, later };
    }
  }
  return first;
}
