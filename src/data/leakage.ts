import { createHash } from "node:crypto";
import { InputError } from "../errors.ts";
import { excerpt } from "../excerpt.ts";
import { normalised } from "./near_duplicates.ts";
import type { Row } from "./rows.ts";
import { splitNames, type Splits } from "./splits.ts";

/**
 * Checks that splits share no row, which {@link partition} promises: no id is in two splits, and no text
 * either, where texts count as the same if {@link normalised} makes them so.
 *
 * @param test the rows of a test set, which is another split here
 * @throws {InputError} naming the first id or text that is in two splits
 */
export function checkLeakage(splits: Splits, test: readonly Row[] = []): void {
  const ids = new Map<string, string>(); // maps an id to the split that it is in
  const texts = new Map<string, string>(); // does so for digests of texts, which take less memory
  const all = { ...splits, test };
  for (const name of [...splitNames, "test"] as const) {
    for (const row of all[name]) {
      const text = normalised(row);
      const digest = createHash("sha256").update(text).digest("base64");
      checkHome(ids, row.id, name, () => `the id ${excerpt(row.id)}`);
      checkHome(texts, digest, name, () => `the text ${excerpt(text)}`);
    }
  }
}

function checkHome(
  homes: Map<string, string>,
  key: string,
  split: string,
  describe: () => string,
): void {
  const home = homes.get(key);
  if (home === undefined) homes.set(key, split);
  if (home === undefined || home === split) return;
  throw new InputError({
    found: `${describe()} in ${home} and in ${split}`,
    expected: "splits that share no row",
    fix: "Give each row of the source an id of its own, and each text once.",
  });
}
