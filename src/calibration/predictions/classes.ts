import type { Location } from "../../errors.ts";
import { badRow, show } from "./bad_row.ts";

/** The names of a file's classes, in their order. */
export interface ClassNames {
  readonly names: readonly string[];
  /** Whether a person gave the order, so that a label may also be a class's number. */
  readonly ordered: boolean;
}

/**
 * Returns the values of an object such as `{"neg": 0.1, "pos": 0.9}` in the order of the classes.
 *
 * @throws {InputError} where it has other classes.
 */
export function valuesByName(
  values: Readonly<Record<string, unknown>>,
  { names }: ClassNames,
  form: string,
  at: Location,
): readonly unknown[] {
  const found = Object.keys(values);
  const isSame = found.length === names.length && names.every((name) => Object.hasOwn(values, name));
  if (isSame) return names.map((name) => values[name]);
  throw badRow(at, `${form} of ${shownNames(found)}`, `those of ${shownNames(names)}`);
}

/**
 * Returns the names of an object's classes in alphabetical order, in which files agree; objects may be
 * ordered by their probabilities.
 */
export function namesOf(values: Readonly<Record<string, unknown>>): ClassNames {
  return { names: Object.keys(values).sort(), ordered: false };
}

/**
 * Returns the number of the class that a label names.
 *
 * @throws {InputError} where it names none.
 */
export function classOfLabel(label: unknown, { names, ordered }: ClassNames, at: Location): number {
  const isName = typeof label === "string" || typeof label === "number" || typeof label === "boolean";
  const index = isName ? names.indexOf(String(label)) : -1;
  if (index >= 0) return index;
  if (ordered && typeof label === "number" && !names.some(isNumber) && label in names) return label;
  const isIndex = typeof label === "number" && label in names;
  const fix = isIndex && !ordered
    ? `If labels are numbers of classes, say which is class 0, 1 and so on, for example: ${
      classesOption(names)
    }`
    : undefined;
  throw badRow(at, `label ${show(label)}`, `one of ${shownNames(names)}`, fix);
}

/** Says whether a class is called by a number, so that a label that is one may name it. */
export function isNumber(name: string): boolean {
  return name.trim() !== "" && !Number.isNaN(Number(name));
}

/** Returns the option that names classes; names that are too long or too many for a message are left out. */
export function classesOption(names: readonly string[]): string {
  const given = names.join();
  return `--classes ${given.length <= 60 ? given : "NAME,NAME,…"}`;
}

function shownNames(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => name.slice(0, 16));
  return [...shown, ...(names.length > 5 ? [`… (${names.length})`] : [])].join(", ");
}
