import { Buffer } from "node:buffer";
import { InputError, type Location } from "../errors.ts";
import { excerpt } from "../excerpt.ts";

/** A column with more different labels than this holds something else. */
const mostClasses = 1000;

/** Collects the labels of a source that names no classes, which are its classes then. */
export class InferredClasses {
  readonly #found = new Map<string, number>();

  /**
   * Returns a label's number in the order in which labels are first read.
   *
   * @throws {InputError} where the label is empty, or is the 1,001st
   */
  read(label: string, at: () => Location): number {
    const known = this.#found.get(label);
    if (known !== undefined) return known;
    if (label.trim() === "") {
      throw new InputError({
        at: at(),
        found: "an empty label",
        expected: "a label",
        fix: 'Fill it, or drop all rows without a label with `noLabel: [""]`.',
      });
    }
    if (this.#found.size === mostClasses) {
      throw new InputError({
        at: at(),
        found: `the label ${excerpt(label)} after ${mostClasses} others`,
        expected: `at most ${mostClasses} classes`,
        fix: "Correct `columns.label`, if this isn't the column of the labels.",
      });
    }
    this.#found.set(label, this.#found.size);
    return this.#found.size - 1;
  }

  /**
   * Returns the classes in their order: numbers from the least on, or else texts by their code points.
   *
   * @throws {InputError} where there are fewer than two
   */
  names(): string[] {
    const names = [...this.#found.keys()];
    if (names.length < 2) {
      throw new InputError({
        found: names.length === 0 ? "no row with a label" : `the label ${excerpt(names[0])} in every row`,
        expected: "two labels or more",
        fix: "Correct `columns.label`, or list the labels that other rows would have under `classes`.",
      });
    }
    return names.every((name) => name.trim() !== "" && Number.isFinite(Number(name)))
      ? names.sort((a, b) => Number(a) - Number(b) || byCodePoints(a, b))
      : names.sort(byCodePoints);
  }

  /** Returns each label's place among these names, by its number. [labels] */
  places(names: readonly string[]): Int32Array {
    return Int32Array.from(this.#found.keys(), (label) => names.indexOf(label));
  }
}

/** Compares texts as their UTF-8 does: JavaScript itself compares UTF-16, which sorts emoji before some letters. */
function byCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
