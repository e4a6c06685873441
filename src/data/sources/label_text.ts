import { InputError, type Location } from "../../errors.ts";
import { textOfNumber } from "./number_text.ts";

/**
 * Returns a label as a text. One that is missing is empty.
 *
 * @param parameter the parameter that says where it is
 * @throws {InputError} where it is a list or an object, or a number that can't be read exactly
 */
export function textOfLabel(value: unknown, at: () => Location, parameter: string): string {
  if (typeof value === "number") return textOfNumber(value, at);
  if (typeof value !== "object" || value === null) return String(value ?? "");
  throw new InputError({
    at: at(),
    found: Array.isArray(value) ? "a list as a label" : "an object as a label",
    expected: "a text, a number or a truth value",
    fix: `Correct \`${parameter}\`.`,
  });
}
