import assert from "node:assert/strict";
import { shared } from "../../shared.ts";
import { faultIn, read, readFrom } from "./reading.ts";

const described = {
  kind: "jsonl",
  files: { train: ["a.jsonl"] },
  columns: { text: "text", label: "label" },
} as const;

Deno.test("objects, with columns of objects and lists within them, and labels of any kind", async () => {
  const text = '{"id": 7, "example": {"premise": "a", "others": ["x", "b"]}, "label": true}\n\n' +
    '{"id": 8, "example": {"premise": "c", "others": ["y", "d"]}, "label": false, "example.premise": "e"}\r\n';
  const columns = { text: "example.premise", pair: "example.others.1", label: "label", id: "id" };
  const { rows, classes } = await readFrom({ "a.jsonl": text }, { ...described, columns });
  assert.deepEqual(classes, ["false", "true"]);
  assert.deepEqual(rows, [
    { id: "7", text: "a", pair: "b", label: 1 },
    { id: "8", text: "e", pair: "d", label: 0 },
  ]);
});

Deno.test("lists of values, with columns by number, and rows named by their lines", async () => {
  const { rows } = await readFrom({ "a.jsonl": '[1, "a"]\n\n[0, "b"]\n' }, {
    ...described,
    columns: { text: 1, label: 0 },
  });
  assert.deepEqual(rows, [{ id: "a.jsonl:1", text: "a", label: 1 }, {
    id: "a.jsonl:3",
    text: "b",
    label: 0,
  }]);
});

Deno.test("numbers that JSON's reader would round aren't taken for ids", async () => {
  const text = ["789", "790"].map((end, row) =>
    `{"text": "t", "label": ${row}, "id": 1234567890123456${end}}\n`
  );
  const columns = { ...described.columns, id: "id" };
  assert.equal(
    await faultIn({ "a.jsonl": text.join("") }, { ...described, columns }),
    "a.jsonl:1:33: found a number that is too large to be read exactly, expected one of at most " +
      '9007199254740991, or a text\n  Write it as a text, in quotation marks: "…".',
  );
});

const first = '{"text": "a", "label": 1}\n';

for (
  const [fault, text, message] of [
    [
      "a line that breaks off",
      `${first}{"text": "b", "la`,
      "a.jsonl:2:15: found a line that isn't JSON from here on, expected an object as JSON on each line",
    ],
    [
      "a file that is one list",
      "[\n  1\n]\n",
      "a.jsonl:1:2: found a line that isn't JSON from here on, expected an object as JSON on each line\n" +
      "  If the whole file is one list, set `kind: json`.",
    ],
    [
      "a field under another name",
      '{"Text": "a", "label": 1}\n',
      'a.jsonl:1: found the fields "Text", "label", expected a field "text"\n' +
      '  Correct `columns`: "Text" may be meant.',
    ],
    [
      "a row without a text",
      `${first}{"label": 1}\n`,
      "a.jsonl:2:1: found nothing, expected a text\n" +
      "  Fill it, or remove the line.",
    ],
    [
      "a text that is null",
      `${first}{"text": null, "label": 1}`,
      "a.jsonl:2:10: found null, expected a text\n" +
      "  Fill it, or remove the line.",
    ],
    [
      "a text that is a list",
      `${first}{"text": ["b"], "label": 1}`,
      "a.jsonl:2:10: found a list, expected a text\n" +
      "  Fill it, or remove the line.",
    ],
    [
      "a label that is a list",
      `${first}{"text": "b", "label": [1]}`,
      "a.jsonl:2:24: found a list as a label, expected a text, a number or a truth value\n" +
      "  Correct `columns.label`.",
    ],
    [
      "a label that is missing",
      `${first}{"text": "b"}`,
      "a.jsonl:2:1: found an empty label, expected a label\n" +
      '  Fill it, or drop all rows without a label with `noLabel: [""]`.',
    ],
    ["a number alone", "5\n", 'a.jsonl:1: found "5" as a row, expected an object, or a list of values'],
    ["an empty file", "\n", "a.jsonl: found an empty file, expected an object as JSON on each line"],
  ] as const
) {
  Deno.test(`${fault} is named by file, line and column`, async () => {
    assert.equal(await faultIn({ "a.jsonl": text }, described), message);
  });
}

const snli = shared("data/human/SNLI-subset");

Deno.test({
  name: "the real SNLI: five votes a pair, 16 pairs without a majority dropped, whose id is that of the file",
  ignore: !snli,
  async fn() {
    const { classes, rows, unlabelled = [] } = await read(snli!, {
      kind: "jsonl",
      files: { train: ["snli_1.0_dev.jsonl"] },
      columns: {
        text: "sentence1",
        pair: "sentence2",
        label: "gold_label",
        id: "pairID",
        votes: "annotator_labels",
      },
      noLabel: ["-"],
    });
    assert.deepEqual(classes, ["contradiction", "entailment", "neutral"]);
    assert.deepEqual(classes.map((_, label) => rows.filter((row) => row.label === label).length), [
      419,
      433,
      421,
    ]);
    assert.equal(unlabelled.length, 16);
    assert.ok(unlabelled.every((row) => row.reason === "no label" && row.label === "-"));
    const { id, text, pair, label, votes } = rows[0];
    assert.deepEqual({ id, label, votes }, { id: "4705552913.jpg#2r1n", label: 2, votes: [0, 0.2, 0.8] });
    assert.equal(text, "Two women are embracing while holding to go packages.");
    assert.equal(
      pair,
      "The sisters are hugging goodbye while holding to go packages after just eating lunch.",
    );
    // The gold label is the one that three of five or more chose.
    assert.ok(rows.every(({ label, votes }) => (votes as readonly number[])[label] > 0.5));
  },
});

const chaos = shared("data/human/ChaosNLI");

Deno.test({
  name:
    "the real ChaosNLI: a hundred votes a pair, from the members of a list, whose largest share is the label",
  ignore: !chaos,
  async fn() {
    const { classes, rows, unlabelled = [] } = await read(chaos!, {
      kind: "jsonl",
      files: { train: ["chaosNLI_snli.jsonl"] },
      columns: {
        text: "example.premise",
        pair: "example.hypothesis",
        id: "uid",
        votes: { e: "label_count.0", n: "label_count.1", c: "label_count.2" },
      },
      classes: ["e", "n", "c"],
    });
    assert.equal(rows.length + unlabelled.length, 1514);
    const lines = (await Deno.readTextFile(`${chaos}/chaosNLI_snli.jsonl`)).trim().split("\n").map((line) =>
      JSON.parse(line)
    );
    const expected = new Map(lines.map((line) => [line.uid, line]));
    for (const { id, label, votes } of rows) {
      assert.equal(classes[label], expected.get(id).majority_label, id);
      assert.deepEqual(votes, expected.get(id).label_dist, id);
    }
    assert.ok(unlabelled.every(({ reason }) => reason === "no majority of votes"));
  },
});
