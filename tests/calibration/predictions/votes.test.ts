/** Votes of people as files hold them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type UnlabelledPredictions, withLabels } from "../../../src/calibration/predictions/classified.ts";
import { readPredictionFile } from "../../../src/calibration/predictions/file.ts";
import { writePredictions } from "../../../src/calibration/predictions/logits_file.ts";
import { messageFor, withFiles } from "../../data/files.ts";

const row = (classes: number, votes: unknown) =>
  `${JSON.stringify({ label: 0, logits: new Array(classes).fill(0), votes })}\n`;

Deno.test("votes on two classes are the share of class 1, or that of each, in JSON and in CSV", () => {
  const files = {
    "a.jsonl": row(2, 0.25) + row(2, 1),
    "b.jsonl": row(2, [0.75, 0.25]) + row(2, [0, 1]),
    "c.csv": "label,logit_0,logit_1,votes\n0,0,0,.25\n0,0,0,1\n",
  };
  return withFiles(files, async (folder) => {
    for (const name of Object.keys(files)) {
      const { votes } = await readPredictionFile(join(folder, name));
      assert.deepEqual(votes, Float64Array.of(0.75, 0.25, 0, 1), name);
    }
  });
});

Deno.test("votes on more classes are a list of shares, whose sum may be rounded", () =>
  withFiles({ "a.jsonl": row(3, [0, 0.25, 0.75]) + row(3, [0.333, 0.333, 0.333]) }, async (folder) => {
    const { votes } = await readPredictionFile(join(folder, "a.jsonl"));
    assert.deepEqual(votes, Float64Array.of(0, 0.25, 0.75, 0.333, 0.333, 0.333));
  }));

const predicted = (classes: number): UnlabelledPredictions => ({
  ids: ["a", "b"],
  logits: Float64Array.from({ length: 2 * classes }, (_, at) => at),
  classes,
});

Deno.test("the votes of texts are written as the texts have them", () => {
  const cases = [
    [2, [14.5 / 15, 0.2], `"votes":${14.5 / 15}`],
    [3, [[0, 0.2, 0.8], [1, 0, 0]], '"votes":[0,0.2,0.8]'],
  ] as const;
  return withFiles({}, async (folder) => {
    for (const [classes, votes, written] of cases) {
      const texts = votes.map((votes) => ({ label: 0, votes }));
      const file = join(folder, "a.jsonl");
      await writePredictions(file, withLabels(predicted(classes), texts));
      const lines = (await Deno.readTextFile(file)).trim().split("\n");
      assert.ok(lines[0].endsWith(`,${written}}`), lines[0]);
      assert.deepEqual(lines.map((line) => JSON.parse(line).votes), votes);
    }
  });
});

Deno.test("votes that only some texts have, or that are on other classes, are left out", () => {
  const votesOf = (classes: number, ...votes: readonly (number | undefined)[]) =>
    withLabels(predicted(classes), votes.map((votes) => ({ label: 0, votes }))).votes;
  assert.deepEqual(votesOf(2, 0.5, 1), Float64Array.of(0.5, 0.5, 0, 1));
  assert.equal(votesOf(2, 0.5, undefined), undefined);
  assert.equal(votesOf(3, 0.5, 1), undefined);
});

const counts = "If they are counts, divide them by their sum.";
const refused: Readonly<Record<string, readonly [rows: string, message: string]>> = {
  "a number on three classes": [
    row(3, 0.5),
    "1: found votes 0.5, expected a list with the share of each of 3 classes",
  ],
  "a list of another length": [
    row(3, [0.5, 0.5]),
    "1: found votes [0.5,0.5], expected a list with the share of each of 3 classes",
  ],
  "three shares of two classes": [
    row(2, [0, 0.5, 0.5]),
    "1: found votes [0,0.5,0.5], expected a list with the share of each of 2 classes",
  ],
  "counts": [row(3, [0, 2, 3]), `1: found votes[1] 2, expected a share from 0 to 1\n  ${counts}`],
  "no numbers": [row(3, [0, "1", 0]), '1: found votes[1] "1", expected a share from 0 to 1'],
  "a sum below 1": [
    row(3, [0, 1, 0]) + row(3, [0.2, 0.2, 0.5]),
    `2: found votes that sum to 0.9, expected a sum of 1, to within 0.001\n  ${counts}`,
  ],
  "a text": [row(2, "many"), '1: found votes "many", expected a share from 0 to 1'],
  "some rows only": [
    row(3, [0, 1, 0]) + row(3, undefined),
    "2: found no votes, expected every row to have it, or none",
  ],
};

for (const [what, [rows, message]] of Object.entries(refused)) {
  Deno.test(`bad votes are refused: ${what}`, async () => {
    const found = await messageFor(
      { "a.jsonl": rows },
      (folder) => readPredictionFile(join(folder, "a.jsonl")),
    );
    assert.ok(found.startsWith(`a.jsonl:${message}`), found);
  });
}

Deno.test("votes in CSV are refused where there are three classes, since a list has no place there", async () => {
  const csv = "label,logit_0,logit_1,logit_2,votes\n0,0,0,0,.5\n";
  const found = await messageFor({ "a.csv": csv }, (folder) => readPredictionFile(join(folder, "a.csv")));
  assert.equal(
    found,
    'a.csv:1: found votes on 3 classes in the column "votes", expected two classes, since CSV has no place for ' +
      "a list\n  Write the rows as JSON Lines, or give the column another name if it isn't such votes.",
  );
});
