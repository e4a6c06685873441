import assert from "node:assert/strict";
import { faultIn, readFrom } from "./reading.ts";

const jsonl = { kind: "jsonl", files: { train: ["a"] } } as const;
const lines = (...rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

Deno.test("a list of labels: of two classes the share of the second, of more the share of each", async () => {
  const columns = { text: "t", label: "y", votes: "v" };
  const two = lines({ t: "a", y: "n", v: ["n", "p", "n", "n"] }, { t: "b", y: "p", v: ["p"] });
  assert.deepEqual((await readFrom({ a: two }, { ...jsonl, columns })).rows, [
    { id: "a:1", text: "a", label: 0, votes: 0.25 },
    { id: "a:2", text: "b", label: 1, votes: 1 },
  ]);
  const three = two + lines({ t: "c", y: "p", v: ["p", "x", "", "-", null] });
  const { classes, rows } = await readFrom({ a: three }, { ...jsonl, columns, noLabel: ["-"] });
  assert.deepEqual(classes, ["n", "p", "x"]); // the last one is nobody's label, but was voted for
  assert.deepEqual(rows.map(({ votes }) => votes), [[0.75, 0.25, 0], [0, 1, 0], [0, 0.5, 0.5]]);
});

Deno.test("the votes of rows without a label are left out with them, whatever they are", async () => {
  const text = lines(
    { t: "a", y: "n", v: ["n"] },
    { t: "b", y: "-", v: [] },
    { t: "c", y: "-", v: ["x"] },
    { t: "d", y: "p", v: ["p"] },
  );
  const columns = { text: "t", label: "y", votes: "v" };
  const source = await readFrom({ a: text }, { ...jsonl, columns, noLabel: ["-"] });
  assert.deepEqual(source.classes, ["n", "p"]);
  assert.deepEqual(source.unlabelled?.map(({ id, reason }) => [id, reason]), [
    ["a:2", "no label"],
    ["a:3", "no label"],
  ]);
});

Deno.test("a column for each vote, as in SNLI's text files, where some are empty", async () => {
  const { rows } = await readFrom({ a: "t\ty\tv1\tv2\tv3\none\t1\t1\t0\t\ntwo\t0\t0\t0\t0\n" }, {
    kind: "tsv",
    files: { train: ["a"] },
    columns: { text: "t", label: "y", votes: ["v1", "v2", "v3"] },
  });
  assert.deepEqual(rows.map(({ votes }) => votes), [0.5, 0]);
});

Deno.test("a column for each class, with counts or probabilities, in the order of the classes", async () => {
  const table = "t,bad,good,ok\none,1,6,3\ntwo,0.5,0.25,0.25\n";
  const { rows } = await readFrom({ a: table }, {
    kind: "csv",
    files: { train: ["a"] },
    columns: { text: "t", votes: { good: "good", bad: "bad", ok: "ok" } },
    classes: ["bad", "ok", "good"],
  });
  assert.deepEqual(rows, [
    { id: "a:2", text: "one", label: 2, votes: [0.1, 0.3, 0.6] },
    { id: "a:3", text: "two", label: 0, votes: [0.5, 0.25, 0.25] },
  ]);
});

Deno.test("without a label the majority is the label, and rows without one are told of", async () => {
  const text = lines({ t: "a", v: ["x", "y", "x"] }, { t: "b", v: ["x", "y"] }, { t: "c", v: ["y"] });
  const source = await readFrom({ a: text }, { ...jsonl, columns: { text: "t", votes: "v" } });
  assert.deepEqual(source.rows.map(({ text, label }) => [text, label]), [["a", 0], ["c", 1]]);
  assert.deepEqual(source.unlabelled, [{ id: "a:2", reason: "no majority of votes" }]);
});

for (
  const [fault, row, votes, message] of [
    [
      "a text where a list should be",
      { t: "b", y: 0, v: "0 1" },
      "v",
      'a:2:20: found the text "0 1" as votes, expected a list of labels\n' +
      "  If each vote, or each class's count, has a column of its own, list these under `columns.votes`.",
    ],
    [
      "a list without votes",
      { t: "b", y: 0, v: ["", null] },
      "v",
      "a:2:20: found no votes, expected one at least\n" +
      "  Remove the row.",
    ],
    [
      "a count that is none",
      { t: "b", y: 0, v: [-1, "x"] },
      { "0": "v.0", "1": "v.1" },
      'a:2:21: found the votes "-1", expected how many chose this class, or the share of them\n' +
      "  Correct the number, or `columns.votes`.",
    ],
    [
      "a class without a column",
      { t: "b", y: 1, v: [2, 3] },
      { "0": "v.0" },
      'found columns.votes without the class "1", expected a column for each class\n' +
      "  Add it, or correct `columns.label`.",
    ],
  ] as const
) {
  Deno.test(`${fault} is named`, async () => {
    const text = lines({ t: "a", y: 0, v: typeof votes === "string" ? [0] : [1, 0] }, row);
    assert.equal(
      await faultIn({ a: text }, { ...jsonl, columns: { text: "t", label: "y", votes } }),
      message,
    );
  });
}
