import { InputError } from "../errors.ts";
import { excerpt } from "../excerpt.ts";
import { buckets } from "./buckets.ts";
import { normalised } from "./near_duplicates.ts";
import { joined, type RowList } from "./row_list.ts";
import type { Row } from "./rows.ts";
import { type SplitName, splitNames } from "./splits.ts";
import { hashOf } from "./word_sets.ts";

/**
 * Checks that splits share no row, which {@link partition} promises: no id is in two splits, and no text
 * either, where texts count as the same if {@link normalised} makes them so.
 *
 * @param test the rows of a test set, which is another split here
 * @throws {InputError} naming the first id or text that is in two splits
 */
export function checkLeakage(splits: Readonly<Record<SplitName, RowList>>, test: RowList = []): void {
  const names = [...splitNames, "test"] as const;
  const lists = names.map((name) => name === "test" ? test : splits[name]);
  const rows = joined(lists);
  const homes = new Uint8Array(rows.length); // each row's place among the names
  let end = 0;
  for (const [place, { length }] of lists.entries()) homes.fill(place, end, end += length);
  const ids = new Uint32Array(rows.length); // hashes, as those of the texts
  const texts = new Uint32Array(rows.length);
  let index = 0;
  for (const row of rows) {
    ids[index] = hashOf(row.id);
    texts[index++] = hashOf(normalised(row));
  }
  const leaks = [
    leakOf(rows, homes, ids, ({ id }) => id, "id"),
    leakOf(rows, homes, texts, normalised, "text"),
  ];
  const [first] = leaks.filter((leak) => leak !== undefined).sort((a, b) => a.later - b.later);
  if (!first) return;
  throw new InputError({
    found: `the ${first.what} ${excerpt(first.key)} in ${names[first.home]} and in ${
      names[homes[first.later]]
    }`,
    expected: "splits that share no row",
    fix: "Give each row of the source an id of its own, and each text once.",
  });
}

/** A row whose id or text is in an earlier split too. */
interface Leak {
  readonly what: string;
  readonly key: string;
  readonly home: number;
  readonly later: number;
}

/**
 * Finds the first row whose key a row of another split has. Keys are compared where their hashes are the same, which
 * takes less memory than a map of all of them.
 */
function leakOf(
  rows: RowList,
  homes: Uint8Array,
  hashes: Uint32Array,
  keyOf: (row: Row) => string,
  what: string,
): Leak | undefined {
  let first: Leak | undefined;
  for (const bucket of buckets(hashes)) {
    if (bucket.every((index) => homes[index] === homes[bucket[0]])) continue;
    const known = new Map<string, number>();
    for (const later of bucket) {
      const key = keyOf(rows.at(later)!);
      const home = known.get(key);
      known.set(key, home ?? homes[later]);
      if (home === undefined || home === homes[later] || (first && first.later <= later)) continue;
      first = { what, key, home, later };
    }
  }
  return first;
}
