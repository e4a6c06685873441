import type { Location } from "../../errors.ts";
import { badRow, show } from "./bad_row.ts";
import { isFinite, sumTolerance } from "./values.ts";

/** One example's votes as files hold them: of two classes the share of class 1, of more the share of each. */
export type WrittenVotes = number | readonly number[];

/** Returns the share of people who chose each class. [classes] */
export function sharesOf(votes: WrittenVotes): readonly number[] {
  return typeof votes === "number" ? [1 - votes, votes] : votes;
}

/** Returns the votes on one example as files hold them. */
export function writtenVotes(votes: Float64Array, row: number, classes: number): WrittenVotes {
  const shares = votes.subarray(row * classes, (row + 1) * classes);
  return classes === 2 ? shares[1] : [...shares];
}

/**
 * Checks the votes of a row, and returns the share of people who chose each class. [classes]
 *
 * @throws {InputError} where they are neither a share, of two classes, nor a list of shares that sum to 1.
 */
export function checkVotes(votes: unknown, classes: number, at: Location): readonly number[] {
  if (classes === 2 && !Array.isArray(votes)) {
    if (isShare(votes)) return sharesOf(votes);
    throw badRow(at, `votes ${show(votes)}`, "a share from 0 to 1");
  }
  if (!Array.isArray(votes) || votes.length !== classes) {
    throw badRow(at, `votes ${show(votes)}`, `a list with the share of each of ${classes} classes`);
  }
  const fix = "If they are counts, divide them by their sum.";
  const wrong = votes.findIndex((share) => !isShare(share));
  if (wrong >= 0) throw badRow(at, `votes[${wrong}] ${show(votes[wrong])}`, "a share from 0 to 1", fix);
  const sum = votes.reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) <= sumTolerance) return votes;
  throw badRow(at, `votes that sum to ${Number(sum.toPrecision(6))}`, "a sum of 1, to within 0.001", fix);
}

function isShare(value: unknown): value is number {
  return isFinite(value) && value >= 0 && value <= 1;
}
