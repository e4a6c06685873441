import { InputError } from "../errors.ts";
import { normalised } from "./near_duplicates.ts";
import { type SplitName, splitNames, type Splits } from "./splits.ts";

/**
 * Checks what {@link partition} promises, on what it made: no id is in two splits, and no text that {@link normalised} makes
 * the same.
 *
 * @throws {InputError} with the row that is.
 */
export function checkLeakage(splits: Splits): void {
  const homes = new Map<string, SplitName>(); // an id or a text → the split it is in
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
