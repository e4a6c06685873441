import assert from "node:assert/strict";
import { shared } from "../../shared.ts";
import { faultIn, read, readFrom } from "./reading.ts";

const described = {
  kind: "json",
  files: { train: ["a.json"] },
  columns: { text: "text", label: "label" },
} as const;

Deno.test("a list of objects, on one line of any length or on many", async () => {
  const rows = [{ text: "a", label: 10 }, { text: "b".repeat(2 ** 24), label: 9 }];
  for (const indent of [0, 2]) {
    const source = await readFrom({ "a.json": JSON.stringify(rows, null, indent) }, described);
    assert.deepEqual(source.classes, ["9", "10"]);
    assert.deepEqual(source.rows.map(({ id, label }) => [id, label]), [["a.json:1", 1], ["a.json:2", 0]]);
  }
});

Deno.test("an object of lists by split", async () => {
  const file = JSON.stringify({ train: [["a", "x"]], oos: [["b", "y"]], val: [["c", "y"]] });
  const source = await readFrom({ "a.json": file }, {
    kind: "json",
    files: { train: ["a.json#train", "a.json#oos"], dev: ["a.json#val"] },
    columns: { text: 0, label: 1 },
  });
  assert.deepEqual(source.rows, [
    { id: "a.json#train:1", text: "a", label: 0 },
    { id: "a.json#oos:1", text: "b", label: 1 },
  ]);
  assert.deepEqual(source.dev, [{ id: "a.json#val:1", text: "c", label: 1 }]);
});

const lists = '{"train": [["a", 1]],\n "val": []}';

for (
  const [fault, text, changes, message] of [
    [
      "an object of lists",
      lists,
      {},
      'a.json: found an object with the lists "train", "val", expected a list of rows\n' +
      "  Name one of them behind the file in `files`, such as `FILE#train`.",
    ],
    [
      "a list that isn't there",
      lists,
      { files: { train: ["a.json#trian"] } },
      'a.json: found an object with the lists "train", "val", expected a list "trian"\n  Did you mean "train"?',
    ],
    [
      "an empty list",
      lists,
      { files: { train: ["a.json#val"] } },
      "a.json:2:9: found an empty list, expected a row in it",
    ],
    ["a single object", '{"text": "a"}', {}, "a.json: found no list, expected a list of rows"],
    [
      "a comma too many",
      '[\n  {"text": "a", "label": 1},\n]',
      {},
      "a.json:3:1: found a file that isn't JSON from here on, expected a list of rows as JSON",
    ],
    [
      "JSON Lines",
      '{"text": "a"}\n{"text": "b"}\n',
      {},
      "a.json:2:1: found a file that isn't JSON from here on, expected a list of rows as JSON\n" +
      "  If each line is JSON on its own, set `kind: jsonl`.",
    ],
    ["an empty file", "", {}, "a.json:1:1: found an empty file, expected a list of rows as JSON"],
    [
      "an empty text",
      '[{"text": "a", "label": 1},\n {"label": 1, "text": " "}]',
      {},
      "a.json:2:23: found an empty field, expected a text\n  Fill it, or remove the line.",
    ],
    [
      "a value that isn't in the list",
      '{"train": [["a", 1]]}',
      { files: { train: ["a.json#train"] }, columns: { text: 0, label: 2 } },
      "a.json:1:12: found a list of 2 values, expected a value 2, counted from 0\n  Correct `columns`.",
    ],
  ] as const
) {
  Deno.test(`${fault} is named by file, line and column`, async () => {
    const { files = described.files, ...others } = changes as Partial<typeof described>;
    assert.equal(
      await faultIn({ "a.json": text }, { ...described, ...others, files: { train: [...files.train] } }),
      message,
    );
  });
}

const clinc = shared("data/intent/CLINC150");

Deno.test({
  name: "the real CLINC150: 151 intents, by split as its authors count them",
  ignore: !clinc,
  async fn() {
    const { classes, rows, dev = [], test = [] } = await read(clinc!, {
      kind: "json",
      files: {
        train: ["data_full.json#train", "data_full.json#oos_train"],
        dev: ["data_full.json#val", "data_full.json#oos_val"],
        test: ["data_full.json#test", "data_full.json#oos_test"],
      },
      columns: { text: 0, label: 1 },
    });
    assert.deepEqual([classes.length, rows.length, dev.length, test.length], [151, 15100, 3100, 5500]);
    assert.equal(test.filter(({ label }) => classes[label] === "oos").length, 1000);
  },
});
