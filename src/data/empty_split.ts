import { InputError } from "../errors.ts";
import type { Dataset } from "./dataset.ts";
import { FileParts } from "./file_parts.ts";
import type { Source } from "./source.ts";
import type { SplitName } from "./splits.ts";

/** Returns the error to throw where a split has no row, which says if that is so because all were near duplicates. */
export function emptySplit(
  name: SplitName,
  source: Source,
  { groups, rows: grouped, droppedFromTrain }: Dataset["duplicates"],
): InputError {
  const total = new FileParts(source).rows.length;
  const found = `no row for the split "${name}"`;
  const expected = "one at least";
  const given = source.rows.length;
  if (name === "train" && droppedFromTrain === given && given > 0) {
    const kept = source.test ? "the dev or test files" : "the dev files";
    const fix = source.test
      ? "Train on rows that aren't in these files."
      : "Train on rows that aren't in the dev files, or leave `dev` out to take all splits from `train`.";
    return new InputError({
      found: `${found}: all ${given} rows to train on are near duplicates of rows of ${kept}`,
      expected,
      fix,
    });
  }
  if (grouped > total / 2) {
    return new InputError({
      found:
        `${found}: ${grouped} of ${total} rows are near duplicates, in ${groups} ${
          groups === 1 ? "group" : "groups"
        }, ` +
        "and a group stays in one split",
      expected,
      fix:
        "Give texts that differ more, or set `nearDuplicates: false` to group those of the same words only.",
    });
  }
  return new InputError({
    found,
    expected,
    fix: "Give more rows, or a larger fraction of them to this split.",
  });
}
