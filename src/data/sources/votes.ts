import { InputError, type Location } from "../../errors.ts";
import { excerpt } from "../../excerpt.ts";
import { textOfLabel } from "./label_text.ts";
import type { Columns } from "./options.ts";
import type { Column } from "./record.ts";

/** How often each class was chosen, by the class's number. */
export type Votes = ReadonlyMap<number, number>;

/** What is needed to read the votes of a record. */
export interface VotesReading {
  /** The record's values of the columns of votes, in the order of {@link votesColumns}. */
  readonly values: readonly unknown[];
  /** Returns the place of one of them. */
  at(index: number): Location;
  /** Returns the number of a class, or -1 where it is none. */
  classOf(label: string, at: () => Location): number;
  /** The labels that mean that somebody chose none. */
  readonly noLabel: ReadonlySet<string>;
}

/** Lists the columns that hold votes. */
export function votesColumns(votes: Columns["votes"]): readonly Column[] {
  if (votes === undefined) return [];
  return typeof votes === "object" ? Object.values(votes) : [votes];
}

/**
 * Reads the votes of a record: a list of labels, columns with a label each, or a number for each class.
 *
 * @throws {InputError} where there are none, or a value is no label, no list of labels or no number
 */
export function readVotes(votes: NonNullable<Columns["votes"]>, reading: VotesReading): Votes {
  const { values, at, classOf } = reading;
  const counts = new Map<number, number>();
  const add = (label: string, index: number, count: number) => {
    const number = classOf(label, () => at(index));
    counts.set(number, (counts.get(number) ?? 0) + count);
  };
  if (typeof votes === "object" && !Array.isArray(votes)) {
    Object.keys(votes).forEach((label, index) => add(label, index, countOf(values[index], () => at(index))));
  } else {
    const isList = !Array.isArray(votes);
    const labels = isList ? listOf(values[0], () => at(0)) : values;
    labels.forEach((value, place) => {
      const index = isList ? 0 : place;
      const label = textOfLabel(value, () => at(index), "columns.votes");
      if (label !== "" && !reading.noLabel.has(label)) add(label, index, 1);
    });
  }
  if (counts.values().some((count) => count > 0)) return counts;
  throw new InputError({ at: at(0), found: "no votes", expected: "one at least", fix: "Remove the row." });
}

/** Returns the class that most chose, or undefined where several were chosen as often. */
export function majority(votes: Votes): number | undefined {
  const most = Math.max(...votes.values());
  const classes = [...votes].flatMap(([number, count]) => count === most ? [number] : []);
  return classes.length === 1 ? classes[0] : undefined;
}

/**
 * Returns votes as rows hold them: the share of the second of two classes, or else the share of each.
 *
 * @param places the place of each class in the order of the logits, by its number
 */
export function sharesOf(votes: Votes, classes: number, places: ArrayLike<number>): number | number[] {
  const shares = new Array<number>(classes).fill(0);
  const total = votes.values().reduce((sum, count) => sum + count, 0);
  for (const [number, count] of votes) shares[places[number]] = count / total;
  return classes === 2 ? shares[1] : shares;
}

function listOf(value: unknown, at: () => Location): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new InputError({
    at: at(),
    found: typeof value === "string" ? `the text ${excerpt(value)} as votes` : "no list as votes",
    expected: "a list of labels",
    fix: "If each vote, or each class's count, has a column of its own, list these under `columns.votes`.",
  });
}

function countOf(value: unknown, at: () => Location): number {
  const text = textOfLabel(value, at, "columns.votes");
  const count = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(count) && count >= 0) return count;
  throw new InputError({
    at: at(),
    found: `the votes ${excerpt(text)}`,
    expected: "how many chose this class, or the share of them",
    fix: "Correct the number, or `columns.votes`.",
  });
}
