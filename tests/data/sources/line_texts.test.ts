import assert from "node:assert/strict";
import { shared } from "../../shared.ts";
import { faultIn, read, readFrom } from "./reading.ts";

const described = { kind: "lines", files: { train: ["a"] } } as const;

Deno.test("the label is before the first separator, and the text is the rest", async () => {
  const { classes, rows } = await readFrom({ a: "1 a fine film\r\n0 so , so\n\n" }, described);
  assert.deepEqual(classes, ["0", "1"]);
  assert.deepEqual(rows, [{ id: "a:1", text: "a fine film", label: 1 }, {
    id: "a:2",
    text: "so , so",
    label: 0,
  }]);
});

Deno.test("another separator, and a label that ends before it", async () => {
  const { classes, rows } = await readFrom({ a: "DESC:manner, x ||| How , so?\nHUM:ind ||| Who?\n" }, {
    ...described,
    separator: " ||| ",
    labelUpTo: ":",
  });
  assert.deepEqual(classes, ["DESC", "HUM"]);
  assert.deepEqual(rows.map(({ text }) => text), ["How , so?", "Who?"]);
});

for (
  const [fault, text, message] of [
    [
      "a line without a separator",
      "1 a\nword\n",
      'a:2: found "word" without " ", expected a label, " " and a text\n  Correct the line, or `separator`.',
    ],
    [
      "a blank line between others",
      "1 a\n\n0 b\n",
      'a:2: found a blank line, expected a label, " " and a text\n  Correct the line, or `separator`.',
    ],
    [
      "a label without a text",
      "1 a\n10  \n",
      "a:2:4: found an empty field, expected a text\n" +
      "  Fill it, or remove the line.",
    ],
    [
      "a text without a label",
      "1 a\n b\n",
      "a:2:1: found an empty label, expected a label\n" +
      '  Fill it, or drop all rows without a label with `noLabel: [""]`.',
    ],
    ["an empty file", "\n", "a: found an empty file, expected a label and a text on each line"],
  ] as const
) {
  Deno.test(`${fault} is named by file, line and column`, async () => {
    assert.equal(await faultIn({ a: text }, described), message);
  });
}

const trec = shared("data/question/TREC");

Deno.test({
  name: "the real TREC, in Latin-1: 5,452 questions of 6 classes or 50",
  ignore: !trec,
  async fn() {
    const files = { train: ["TREC.train"], test: ["TREC.test"] };
    const coarse = await read(trec!, { kind: "lines", files, encoding: "latin1", labelUpTo: ":" });
    assert.deepEqual(coarse.classes, ["ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM"]);
    const counts = coarse.classes.map((_, label) => coarse.rows.filter((row) => row.label === label).length);
    assert.deepEqual(counts, [86, 1162, 1250, 1223, 835, 896]); // as SOURCES.md counts them
    assert.equal(coarse.test?.length, 500);
    assert.ok(
      coarse.rows.some(({ text }) => text.includes("São")) ||
        coarse.rows.some(({ text }) => /[à-ÿ]/.test(text)),
    );
    const fine = await read(trec!, { kind: "lines", files, encoding: "latin1" });
    assert.equal(fine.classes.length, 50);
  },
});
