/** Pipeline files and parameters hold what JSON can hold, since keys and requests to stages are JSON. */

import { InputError, type Location } from "../../errors.ts";

/** The names and indices that lead to a place in a value. */
type Path = readonly (string | number)[];

/** A place in a value that JSON can't hold. */
export interface OutsideJson {
  readonly path: Path;
  /** Whether it is the key at this path that can't be held, rather than the value. */
  readonly isKey: boolean;
  /** What is there, in words. */
  readonly found: string;
}

const deepest = 100; // levels of lists and mappings; whatever walks through values may call itself so often

/**
 * Returns the first place in a value that JSON can't hold: dates, bytes, sets, infinities and the like. The
 * name `__proto__` and what is nested too deep count as such, since many a program stumbles over them.
 *
 * @param holds says whether a number can be held
 */
export function outsideJson(
  value: unknown,
  holds: (value: number) => boolean = Number.isFinite,
  path: Path = [],
): OutsideJson | undefined {
  if (value === null || typeof value === "boolean" || typeof value === "string") return undefined;
  if (typeof value === "number" && holds(value)) return undefined;
  if (typeof value !== "object") return { path, isKey: false, found: nameOf(value) };
  if (path.length >= deepest) return { path, isKey: false, found: `more than ${deepest} levels of nesting` };
  if (Array.isArray(value)) return firstOf(value.entries(), holds, path);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return { path, isKey: false, found: nameOf(value) };
  }
  if (Object.hasOwn(value, "__proto__")) {
    return { path: [...path, "__proto__"], isKey: true, found: `the name "__proto__"` };
  }
  // A member that is undefined is one that isn't there.
  return firstOf(Object.entries(value).filter(([, member]) => member !== undefined), holds, path);
}

function firstOf(
  members: Iterable<[string | number, unknown]>,
  holds: (value: number) => boolean,
  path: Path,
): OutsideJson | undefined {
  for (const [name, member] of members) {
    const found = outsideJson(member, holds, [...path, name]);
    if (found) return found;
  }
  return undefined;
}

function nameOf(value: unknown): string {
  if (value instanceof Date) {
    return `a date (${Number.isNaN(value.getTime()) ? "invalid" : value.toISOString()})`;
  }
  if (value instanceof Uint8Array) return "binary data";
  if (typeof value === "object" && value !== null) return `a ${value.constructor?.name ?? "special object"}`;
  if (typeof value === "number" || value === undefined) return String(value);
  return `a ${typeof value} (${String(value).slice(0, 60)})`;
}

/** What messages say of the values that JSON holds. */
export const expectedJson =
  "what JSON can hold: a text, a finite number, true, false, null, or a list or mapping of these";

/** Makes the error that tells of such a place. */
export function notJson({ found, isKey }: OutsideJson, at: Location, fix: string): InputError {
  if (isKey) return new InputError({ at, found, expected: "another name" });
  return new InputError({
    at,
    found,
    expected: expectedJson,
    fix,
  });
}
