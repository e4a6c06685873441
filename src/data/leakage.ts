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
  const placed = [...splitNames, "test" as const].flatMap((split) =>
    all[split].map((row) => ({ split, row }))
  );
  const leaks = [leakOf(placed, ({ id }) => id, "id"), leakOf(placed, normalised, "text")];
  const [first] = leaks.filter((leak) => leak !== undefined).sort((a, b) => a.later - b.later);
  if (!first) return;
  throw new InputError({
    found: `the ${first.what} ${excerpt(first.key)} in ${first.home} and in ${placed[first.later].split}`,
    expected: "splits that share no row",
    fix: "Give each row of the source an id of its own, and each text once.",
  });
}

/** A row, and the split that it is in. */
interface PlacedRow {
  readonly split: string;
  readonly row: Row;
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
function leakOf(placed: readonly PlacedRow[], keyOf: (row: Row) => string, what: string): Leak | undefined {
  let first: Leak | undefined;
  for (const bucket of buckets(Uint32Array.from(placed, ({ row }) => hashOf(keyOf(row))))) {
    const homes = new Map<string, string>();
    for (const later of bucket) {
      const { split, row } = placed[later];
      const key = keyOf(row);
      const home = homes.get(key);
      homes.set(key, home ?? split);
      if (home === undefined || home === split || (first && first.later <= later)) continue;
      first = { what, key, home, later };
    }
  }
  return first;
}
