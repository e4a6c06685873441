import { InputError } from "../../errors.ts";
import { excerpt, excerpts } from "../../excerpt.ts";
import { suggestion } from "../../nearest.ts";
import type { InputRecord } from "./input.ts";

/**
 * Returns the number of the class that a row's label names. Where no class is called so, a whole number is
 * taken for the class's own.
 *
 * @throws {InputError} where the row has no label, or that of no class.
 */
export function labelOf({ value, at }: InputRecord, field: string, classes: readonly string[]): number {
  const label = (value as Readonly<Record<string, unknown>>)[field];
  if (label === undefined || label === null || label === "") {
    const fix = "Say where labels are, with --label-column; rows without a label must be left out.";
    throw new InputError({ at, found: `no ${field}`, expected: "the true class", fix });
  }
  const named = classes.indexOf(String(label));
  if (named >= 0) return named;
  if (Number.isInteger(label) && (label as number) in classes) return label as number;
  throw new InputError({
    at,
    found: `${field} ${excerpt(String(label), 60)}`,
    expected: `one of the model's classes, ${excerpts(classes)}`,
    fix: suggestion(String(label).slice(0, 60), classes.slice(0, 20)),
  });
}
