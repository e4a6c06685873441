import { isNumber } from "../../calibration/predictions/classes.ts";
import { InputError } from "../../errors.ts";
import { excerpt, excerpts } from "../../excerpt.ts";
import { rowFields } from "../../inference/text_row.ts";
import { suggestion } from "../../nearest.ts";
import type { InputRecord } from "./input.ts";

/**
 * Returns the number of the class that a row's label names. A whole number is taken for the class's own where
 * classes have names in words: among those that are called by numbers, it would be another's or a mistake.
 *
 * @throws {InputError} where the row is no object, or has no label, or that of no class
 */
export function labelOf({ value, at }: InputRecord, field: string, classes: readonly string[]): number {
  const label = rowFields(value, at)[field];
  if (label === undefined || label === null || label === "") {
    const fix = "Say where labels are, with --label-column; rows without a label must be left out.";
    throw new InputError({ at, found: `no ${field}`, expected: "the true class", fix });
  }
  const written = String(label);
  const named = classes.indexOf(written);
  if (named >= 0) return named;
  if (/^\d+$/.test(written) && Number(written) in classes && !classes.some(isNumber)) return Number(written);
  throw new InputError({
    at,
    found: `${field} ${excerpt(written, 60)}`,
    expected: `one of the model's classes, ${excerpts(classes)}`,
    fix: suggestion(written.slice(0, 60), classes.slice(0, 20)),
  });
}
