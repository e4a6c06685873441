/** A matrix gives a stage its variants, one for each combination of the matrix's values. */

import { InputError, type Location } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import type { Path } from "../file/document.ts";
import type { StageSpec } from "../file/spec.ts";
import type { Locate } from "../file/validate.ts";
import { variantPartPattern } from "../store/instance_name.ts";

/** One combination of a matrix's values. */
export interface Variant {
  /** The values joined by commas, such as `scalar,1`; undefined for a stage without a matrix. */
  readonly name: string | undefined;
  /** Dimension → this variant's value, and what `include` adds to it. */
  readonly values: Values;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Returns all combinations, the last dimension varying fastest, without those that an entry of `exclude`
 * matches. Then each entry of `include` adds its other values to the combinations that it matches, or is one
 * more where it matches none.
 *
 * @throws {InputError} for a value unfit for a folder's name, and for an entry that does nothing
 */
export function variantsOf(
  { include = [], exclude = [], ...dimensions }: StageSpec["matrix"],
  locate: Locate,
  path: Path,
): readonly Variant[] {
  const names = Object.keys(dimensions);
  if (names.length === 0 && include.length === 0) return [{ name: undefined, values: {} }];
  let combinations: Values[] = names.length > 0 ? [{}] : [];
  for (const [dimension, values] of Object.entries(dimensions)) {
    values.forEach((value, index) => {
      const at = [...path, dimension, index];
      requireName(value, locate, at);
      const first = values.findIndex((other) => String(other) === String(value));
      if (first < index) throw repeatedMistake(String(value), locate(at));
    });
    combinations = combinations.flatMap((rest) => values.map((value) => ({ ...rest, [dimension]: value })));
  }
  exclude.forEach((entry, index) => {
    const left = combinations.filter((combination) => !matches(entry, combination, Object.keys(entry)));
    if (left.length === combinations.length) {
      throw uselessMistake(entry, names, locate, [...path, "exclude", index]);
    }
    combinations = left;
  });
  const variants = combinations.map((values) => ({ name: Object.values(values).join(","), values }));
  return withIncluded(variants, include, names, locate, [...path, "include"]);
}

function withIncluded(
  variants: readonly Variant[],
  include: readonly Values[],
  dimensions: readonly string[],
  locate: Locate,
  path: Path,
): readonly Variant[] {
  let originals = variants;
  const added: Variant[] = [];
  include.forEach((entry, index) => {
    const matched = dimensions.filter((name) => Object.hasOwn(entry, name));
    const suits = ({ values }: Variant) => matches(entry, values, matched);
    if (originals.some(suits)) {
      originals = originals.map((variant) =>
        suits(variant) ? { ...variant, values: { ...variant.values, ...entry } } : variant
      );
      return;
    }
    const values = { ...Object.fromEntries(matched.map((name) => [name, entry[name]])), ...entry };
    const name = Object.values(values).join(",");
    for (const [key, value] of Object.entries(values)) {
      requireName(value, locate, [...path, index, key]);
    }
    if ([...originals, ...added].some((other) => other.name === name)) {
      throw repeatedMistake(name, locate([...path, index]));
    }
    added.push({ name, values });
  });
  const all = [...originals, ...added];
  if (all.length > 0) return all;
  throw new InputError({
    at: locate(path.slice(0, -1)),
    found: "a matrix whose combinations are all excluded",
    expected: "at least one instance of the stage",
  });
}

function matches(entry: Values, combination: Values, names: readonly string[]): boolean {
  return names.every((name) => entry[name] === combination[name]);
}

function uselessMistake(
  entry: Values,
  dimensions: readonly string[],
  locate: Locate,
  path: Path,
): InputError {
  const unknown = Object.keys(entry).find((name) => !dimensions.includes(name));
  if (unknown === undefined) {
    return new InputError({
      at: locate(path),
      found: "an exclusion that no combination matches",
      expected: "values of the matrix",
      fix: "Correct it, or remove it.",
    });
  }
  return new InputError({
    at: locate([...path, unknown], "key"),
    found: `unknown dimension "${unknown}"`,
    expected: "one of this matrix",
    fix: suggestion(unknown, dimensions),
  });
}

function repeatedMistake(name: string, at: Location): InputError {
  return new InputError({ at, found: `the variant "${name}" twice`, expected: "each value once" });
}

/** Checks that a value can be part of a folder's name, since variants name folders. */
function requireName(value: unknown, locate: Locate, path: Path): void {
  const text = String(value);
  if (variantPartPattern.test(text) && text !== "__proto__") return; // which JavaScript's objects take for something else
  throw new InputError({
    at: locate(path),
    found: `the variant "${text}"`,
    expected: "a name that can be a folder's: letters, digits, _ . -",
  });
}
