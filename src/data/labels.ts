import { InputError, type Location } from "../errors.ts";
import { excerpt, excerpts } from "../excerpt.ts";
import { nearest } from "../nearest.ts";

/** So many wrong labels are told apart. More mean that the column holds no labels. */
const mostTold = 1000;

/** So many labels are shown at most, of so many characters together, which leaves some for the classes. */
const [mostShown, longestLabels] = [5, 100];

/** Reads the labels of a source, and remembers all that are none of the classes, to name them together. */
export class LabelReader {
  readonly #classes: ReadonlyMap<string, number>;
  readonly #counts = new Map<string, number>();
  #first: Location | undefined;
  #wrong = 0;

  constructor(classes: readonly string[]) {
    this.#classes = new Map(classes.map((name, index) => [name, index]));
  }

  /** Returns the index of a label's class, or -1 where there is none: then `check` will throw. */
  read(label: string, at: () => Location): number {
    const index = this.#classes.get(label);
    if (index !== undefined) return index;
    this.#first ??= at();
    this.#wrong++;
    const count = this.#counts.get(label);
    if (count !== undefined || this.#counts.size < mostTold) this.#counts.set(label, (count ?? 0) + 1);
    return -1;
  }

  /**
   * Checks that all labels that were read are of the classes.
   *
   * @throws {InputError} at the first that isn't, with all others, how often they occur, and what is meant
   */
  check(): void {
    if (!this.#first) return;
    const classes = [...this.#classes.keys()];
    throw new InputError({
      at: this.#first,
      found: this.#describe(classes),
      expected: `one of ${excerpts(classes, longestLabels)}`,
      fix: "Correct the label, or list it under `classes`, or under `noLabel` if such rows have none.",
    });
  }

  /** Describes the labels, the most frequent first. */
  #describe(classes: readonly string[]): string {
    const byCount = [...this.#counts].sort(([, a], [, b]) => b - a);
    const shown: string[] = [];
    let room = longestLabels;
    for (const [label, count] of byCount.slice(0, mostShown)) {
      const quoted = excerpt(label, 40);
      if (quoted.length > room) break;
      room -= quoted.length;
      const near = nearestSpelling(label, classes);
      const meant = near === undefined ? "" : ` (did you mean ${excerpt(near, 40)}?)`;
      shown.push(`${quoted} in ${count} ${count === 1 ? "row" : "rows"}${meant}`);
    }
    const others = byCount.length - shown.length;
    if (others === 0 && shown.length === 1) return `the label ${shown[0]}`;
    const number = byCount.length < mostTold ? byCount.length : `${mostTold} or more`;
    const rest = others === 0 ? "" : ` and ${others} more`;
    return `${number} labels outside the classes in ${this.#wrong} rows: ${shown.join(", ")}${rest}`;
  }
}

/**
 * Returns the name that another spelling of it means: in other case, with spaces around it, as another
 * notation of the same number, or with few edits.
 */
export function nearestSpelling(spelling: string, names: readonly string[]): string | undefined {
  const folded = (name: string) => name.normalize("NFKC").trim().toLowerCase();
  const number = (name: string) => name.trim() === "" ? NaN : Number(name);
  const same = names.find((name) => folded(name) === folded(spelling)) ??
    names.find((name) => number(name) === number(spelling));
  // Numbers that differ mean different things, however alike they look.
  const isNumber = !Number.isNaN(number(spelling));
  return same ?? (isNumber || spelling.length > 100 ? undefined : nearest(spelling, names));
}
