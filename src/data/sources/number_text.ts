import { InputError, type Location } from "../../errors.ts";

/**
 * Returns a number of JSON as a text.
 *
 * @throws {InputError} where it is so large that it needn't be the one that was written
 */
export function textOfNumber(value: number, at: () => Location): string {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value);
  throw new InputError({
    at: at(),
    found: "a number that is too large to be read exactly",
    expected: `one of at most ${Number.MAX_SAFE_INTEGER}, or a text`,
    fix: 'Write it as a text, in quotation marks: "…".',
  });
}
