import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readMovieReviews } from "../../src/data/movie_reviews.ts";
import { messageFor, withFiles } from "./files.ts";
import { held } from "./held.ts";

const folder = fileURLToPath(new URL("../../artifacts/setup/hutto-icwsm-2014", import.meta.url));
const ignore = !existsSync(folder);
if (ignore) console.warn(`skipped, not found: ${folder} (run the set-up first)`);

Deno.test({
  name: "the real reviews: 10,605 sentences, 5,242 of them positive",
  ignore,
  async fn() {
    const { classes, pairs, rows } = await held(() => readMovieReviews(folder));
    assert.deepEqual(classes, ["negative", "positive"]);
    assert.equal(pairs, false);
    assert.equal(rows.length, 10605);
    assert.equal(rows.filter(({ label }) => label === 1).length, 5242);
    assert.equal(new Set(rows.map(({ id }) => id)).size, 10605);
    assert.deepEqual(rows[2], { id: "3", text: "Effective but too tepid biopic", label: 0, votes: 3.5 / 15 });
    assert.equal(rows[0].votes, 14.5 / 15);
    assert.ok(rows.some(({ text }) => text.includes("Y Tu Mamá También")));
    assert.ok(rows.every(({ text }) => !/[\r\n\t\ufffd]|&amp;/.test(text)));
  },
});

const names = {
  texts: "movieReviewSnippets_GroundTruth.txt",
  ratings: "movieReviewSnippets_anonDataRatings.txt",
};
const files = (texts: string, ratings: string) => ({ [names.texts]: texts, [names.ratings]: ratings });
const fix = "\n  The file was changed: run the set-up again.";

Deno.test("a mean of 0 is negative, and zeros count half", async () => {
  const given = files(
    "7\t0.0\tLilo &amp; Stitch\r\n8\t1.5\tgood",
    "7\t0.0\t1.2\t[0, 2, -2, 0]\r\n8\t1.5\t0.5\t[1, 2]",
  );
  await withFiles(given, async (folder) => {
    assert.deepEqual((await readMovieReviews(folder)).rows, [
      { id: "7", text: "Lilo & Stitch", label: 0, votes: 0.5 },
      { id: "8", text: "good", label: 1, votes: 1 },
    ]);
  });
});

for (
  const [fault, texts, ratings, message] of [
    [
      "a line cut short",
      "1\t2.0",
      "1\t2.0\t0\t[2]",
      `${names.texts}:1: found 2 tab-separated fields, expected 3\n` +
      "  Add the missing field, or remove the stray tab or line break; quotation marks protect neither.",
    ],
    [
      "a mean that is no number",
      "1\tgood\tfilm",
      "1\t2.0\t0\t[2]",
      `${names.texts}:1:3: found the mean rating "good", expected a number from -4 to 4${fix}`,
    ],
    [
      "ratings of another text",
      "1\t2.0\tfilm",
      "2\t2.0\t0\t[2]",
      `${names.ratings}:1:1: found the id "2", expected "1", as on that line of the texts${fix}`,
    ],
    [
      "a rating out of range",
      "1\t2.0\tfilm",
      "1\t2.0\t0\t[2, 5]",
      `${names.ratings}:1:9: found "[2, 5]", expected a list of whole numbers from -4 to 4${fix}`,
    ],
    [
      "fewer ratings than texts",
      "1\t2.0\tfilm\n2\t1.0\tactor",
      "1\t2.0\t0\t[2]",
      `${names.ratings}: found ratings of 1 texts, expected ratings of the 2 texts of ${names.texts}${fix}`,
    ],
  ]
) {
  Deno.test(`${fault} is named`, async () => {
    assert.equal(await messageFor(files(texts, ratings), readMovieReviews), message);
  });
}
