import { InputError } from "../errors.ts";
import { normalised } from "./near_duplicates.ts";
import { type SplitName, splitNames, type Splits } from "./splits.ts";

/**
 * Checks that splits share no row, which {@link partition} promises: no id is in two splits, and no text
 * either, where texts count as the same if {@link normalised} makes them so.
 *
 * @throws {InputError} naming the first id or text that is in two splits
 */
export function checkLeakage(splits: Splits): void {
  const homes = new Map<string, SplitName>(); // maps an id or a text to the split that it is in
  for (const name of splitNames) {
    for (const row of splits[name]) {
      for (const key of [`the id "${row.id}"`, `the text "${normalised(row)}"`]) {
        const home = homes.get(key) ?? name;
        homes.set(key, home);
        if (home === name) continue;
        throw new InputError({
          found: `${key} in ${home} and in ${name}`,
          expected: "splits that share no row",
          fix: "Give each row of the source an id of its own, and each text once.",
        });
      }
    }
  }
}
