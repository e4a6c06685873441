import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { excerpt } from "../excerpt.ts";
import { changedFile, meanRating, shareAboveZero } from "./ratings.ts";
import type { Row } from "./rows.ts";
import type { Source } from "./source.ts";
import { placeOf, readTable, type TableLine } from "./table.ts";

/**
 * The schema of a source that is the movie reviews of Hutto and Gilbert (ICWSM 2014), as the set-up unpacks
 * them.
 */
export const movieReviewsSchema = z.strictObject({
  kind: z.literal("movie-reviews"),
}).describe("10,605 sentences of movie reviews, each rated by 15 people or more.");

/**
 * Reads the movie reviews: 10,605 sentences, each rated from −4 to 4 by 15 people or more. A sentence is
 * positive where its mean rating is above 0. `votes` is the share of people who rated it above 0; a rating of
 * 0 counts half.
 *
 * The files are UTF-8 with `\r\n` line ends and no header. `…_GroundTruth.txt` holds id, mean rating and
 * text; `…_anonDataRatings.txt` holds id, mean, standard deviation and the list of ratings, in the same
 * order.
 *
 * @throws {InputError} where a file is missing or a line isn't of that form
 */
export async function readMovieReviews(folder: string): Promise<Source> {
  const texts = join(folder, "movieReviewSnippets_GroundTruth.txt");
  const ratings = join(folder, "movieReviewSnippets_anonDataRatings.txt");
  const [textLines, ratingLines] = await Promise.all([readTable(texts, 3), readTable(ratings, 4)]);
  if (textLines.length !== ratingLines.length) {
    throw new InputError({
      at: { file: ratings },
      found: `ratings of ${ratingLines.length} texts`,
      expected: `ratings of the ${textLines.length} texts of ${texts}`,
      fix: changedFile,
    });
  }
  const rows = textLines.map((line, index): Row => {
    const [id, , text] = line.fields;
    const mean = meanRating(texts, line);
    checkId(ratings, ratingLines[index], id);
    const votes = shareAboveZero(ratings, ratingLines[index]);
    // `&amp;` is the one trace of HTML in these files.
    return { id, text: text.replaceAll("&amp;", "&").trim(), label: mean > 0 ? 1 : 0, votes };
  });
  return { classes: ["negative", "positive"], pairs: false, rows };
}

function checkId(file: string, line: TableLine, textId: string): void {
  const [id] = line.fields;
  if (id === textId) return;
  throw new InputError({
    at: placeOf(file, line, 0),
    found: `the id ${excerpt(id)}`,
    expected: `${excerpt(textId)}, as on that line of the texts`,
    fix: changedFile,
  });
}
