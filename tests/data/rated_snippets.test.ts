import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readRatedSnippets, type SnippetCollection } from "../../src/data/rated_snippets.ts";
import { messageFor, withFiles } from "./files.ts";

const folder = fileURLToPath(new URL("../../artifacts/setup/hutto-icwsm-2014", import.meta.url));
const ignore = !existsSync(folder);
if (ignore) console.warn(`skipped, not found: ${folder} (run the set-up first)`);

// These were counted from the files with Python: all rows, those with a mean of exactly 0, and those above 0.
const counts: readonly (readonly [SnippetCollection, number, number, number])[] = [
  ["amazon", 3708, 98, 2128],
  ["tweets", 4200, 4, 2897],
  ["editorials", 5190, 244, 2204],
];
for (const [collection, all, zero, positive] of counts) {
  Deno.test({
    name: `the real ${collection}: ${all - zero} texts that have a side, ${positive} of them positive`,
    ignore,
    async fn() {
      const rows = await readRatedSnippets(folder, collection);
      assert.equal(rows.length, all - zero);
      assert.equal(rows.filter(({ label }) => label === 1).length, positive);
      assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
      assert.ok(rows.every(({ text, votes }) => text !== "" && Number(votes) >= 0 && Number(votes) <= 1));
      assert.ok(rows.every(({ text }) => !/[\r\n\t\ufeff\ufffd]|&(amp|lt|gt|quot|#39);/.test(text)));
    },
  });
}

const files = (texts: string, ratings: string) => ({
  "tweets_GroundTruth.txt": texts,
  "tweets_anonDataRatings.txt": ratings,
});
const read = (folder: string) => readRatedSnippets(folder, "tweets");

Deno.test("ratings are found by id in any order, a mean of 0 is left out, entities are resolved, even those escaped twice", async () => {
  const given = files(
    "1\t1.5\tI &lt;3 it &amp; you&amp;#39;d &amp;amp; us\r\n2\t0.0\tso so\r\n3\t-1\tno",
    "\ufeff3\t-1\t0\t[-1, 0]\r\n2\t0\t0\t[0]\r\n1\t1.5\t0.5\t[1, 2]",
  );
  await withFiles(given, async (folder) => {
    assert.deepEqual(await read(folder), [
      { id: "1", text: "I <3 it & you'd & us", label: 1, votes: 1 },
      { id: "3", text: "no", label: 0, votes: 0.25 },
    ]);
  });
});

for (
  const [fault, texts, ratings, message] of [
    [
      "a text without ratings",
      "1\t1\ta\n2\t1\tb",
      "1\t1\t0\t[1]",
      'tweets_GroundTruth.txt:2:1: found the id "2"',
    ],
    [
      "ratings without a text",
      "1\t1\ta",
      "1\t1\t0\t[1]\n2\t1\t0\t[1]",
      'tweets_anonDataRatings.txt:2:1: found the id "2"',
    ],
    [
      "an id twice",
      "1\t1\ta\n1\t1\tb",
      "1\t1\t0\t[1]",
      'tweets_GroundTruth.txt:2:1: found the id "1" of line 1',
    ],
    ["a rating of 5", "1\t1\ta", "1\t1\t0\t[5]", 'tweets_anonDataRatings.txt:1:7: found "[5]"'],
    ["no mean", "1\t\ta", "1\t1\t0\t[1]", 'tweets_GroundTruth.txt:1:3: found the mean rating ""'],
  ]
) {
  Deno.test(`refused: ${fault}`, async () => {
    assert.ok((await messageFor(files(texts, ratings), read)).startsWith(message));
  });
}
