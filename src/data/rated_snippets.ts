import { join } from "node:path";
import { InputError } from "../errors.ts";
import { excerpt } from "../excerpt.ts";
import { changedFile, meanRating, shareAboveZero } from "./ratings.ts";
import type { Row } from "./rows.ts";
import { placeOf, readTable, type TableLine } from "./table.ts";

/**
 * The collections of Hutto and Gilbert (ICWSM 2014) beside the movie reviews, with the beginnings of their
 * files' names.
 */
const filePrefixes = {
  amazon: "amazonReviewSnippets",
  tweets: "tweets",
  editorials: "nytEditorialSnippets",
} as const;

/** The name of a collection. */
export type SnippetCollection = keyof typeof filePrefixes;

/** The names of all collections. */
export const snippetCollections = ["amazon", "tweets", "editorials"] as const satisfies SnippetCollection[];

/**
 * Reads the sentences of another domain than movie reviews. They are labelled in the same way: positive where
 * the mean rating is above 0, with `votes` as the share of people who rated it above 0, where a rating of 0
 * counts half. A sentence whose mean is exactly 0 has no label and is left out.
 *
 * Texts and ratings are matched by id, because their order differs among the Amazon snippets. The mean is the
 * one beside the text. The ratings of 199 tweets have another mean, but always on the same side of 0.
 *
 * @throws {InputError} where a file is missing, a line isn't of that form, or an id occurs twice in a file or
 *   only in one of the two
 */
export async function readRatedSnippets(folder: string, collection: SnippetCollection): Promise<Row[]> {
  const [texts, ratings] = ["GroundTruth", "anonDataRatings"].map((part) =>
    join(folder, `${filePrefixes[collection]}_${part}.txt`)
  );
  const [textLines, ratingLines] = await Promise.all([readTable(texts, 3), readTable(ratings, 4)]);
  const ratingsById = byId(ratings, ratingLines);
  const textsById = byId(texts, textLines);
  checkIds(ratings, ratingsById, texts, textsById);
  checkIds(texts, textsById, ratings, ratingsById);
  return textLines.flatMap((line): Row[] => {
    const [id, , text] = line.fields;
    const mean = meanRating(texts, line);
    const votes = shareAboveZero(ratings, ratingsById.get(id)!);
    return mean === 0 ? [] : [{ id, text: unescape(text).trim(), label: mean > 0 ? 1 : 0, votes }];
  });
}

function byId(file: string, lines: readonly TableLine[]): Map<string, TableLine> {
  const found = new Map<string, TableLine>();
  for (const line of lines) {
    const [id] = line.fields;
    const first = found.get(id);
    if (first) {
      const at = placeOf(file, line, 0);
      throw new InputError({
        at,
        found: `the id ${excerpt(id)} of line ${first.line}`,
        expected: "another id",
        fix: changedFile,
      });
    }
    found.set(id, line);
  }
  return found;
}

function checkIds(
  file: string,
  lines: ReadonlyMap<string, TableLine>,
  other: string,
  known: ReadonlyMap<string, TableLine>,
): void {
  for (const [id, line] of lines) {
    if (known.has(id)) continue;
    throw new InputError({
      at: placeOf(file, line, 0),
      found: `the id ${excerpt(id)}`,
      expected: `one of ${other}`,
      fix: changedFile,
    });
  }
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", "#39": "'" };

/** Resolves the HTML entities that these files have. Some were escaped twice (`&amp;amp;`). */
function unescape(text: string): string {
  return text.replaceAll(/&(?:amp;)?(amp|lt|gt|#39);/g, (_, name: string) => entities[name]);
}
