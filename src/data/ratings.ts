import { z } from "zod";
import { InputError } from "../errors.ts";
import { excerpt } from "../excerpt.ts";
import { placeOf, type TableLine } from "./table.ts";

const ratingsSchema = z.array(z.int().min(-4).max(4)).nonempty();

/** Says what to do about a file of the set-up that isn't as it was published. */
export const changedFile = "The file was changed: run the set-up again.";

/**
 * Returns the mean rating beside a text of Hutto and Gilbert's collections.
 *
 * @throws {InputError} where there is none
 */
export function meanRating(file: string, line: TableLine): number {
  const mean = Number(line.fields[1]);
  if (line.fields[1] !== "" && Math.abs(mean) <= 4) return mean;
  const found = `the mean rating ${excerpt(line.fields[1])}`;
  throw new InputError({
    at: placeOf(file, line, 1),
    found,
    expected: "a number from -4 to 4",
    fix: changedFile,
  });
}

/**
 * Returns the share of a line's ratings that are above 0; a rating of 0 counts half.
 *
 * @throws {InputError} where the ratings can't be read
 */
export function shareAboveZero(file: string, line: TableLine): number {
  const ratings = parseRatings(line.fields[3]);
  if (!ratings) {
    const found = excerpt(line.fields[3]);
    const expected = "a list of whole numbers from -4 to 4";
    throw new InputError({ at: placeOf(file, line, 3), found, expected, fix: changedFile });
  }
  const above = ratings.reduce((sum: number, rating) => sum + (rating > 0 ? 1 : rating === 0 ? 0.5 : 0), 0);
  return above / ratings.length;
}

/** Parses a list of ratings. It is written as Python writes a list of integers, which is JSON too. */
function parseRatings(list: string): readonly number[] | undefined {
  try {
    return ratingsSchema.parse(JSON.parse(list));
  } catch {
    return undefined;
  }
}
