import assert from "node:assert/strict";
import type { z } from "zod";
import { type TsvOptions, tsvSchema } from "../../../src/data/sources/tsv.ts";
import { shared } from "../../shared.ts";
import { messageFor, withFiles } from "../files.ts";
import { readParsed } from "./reading.ts";

type Changes = Partial<z.input<typeof tsvSchema>>;

const options = (changes: Changes = {}): TsvOptions =>
  tsvSchema.parse({
    kind: "tsv",
    files: { train: ["train.tsv"] },
    columns: { text: "text", label: "label" },
    classes: ["bad", "good"],
    ...changes,
  });

Deno.test("a table with a header: columns by name, ids by file and line, quotes are text", async () => {
  const table = '\ufefflabel\tsource\ttext\r\ngood\tweb\t"fine\r\nbad\tweb\t 5" too short \r\n';
  await withFiles({ "train.tsv": table }, async (folder) => {
    assert.deepEqual(await readParsed(folder, options()), {
      classes: ["bad", "good"],
      pairs: false,
      rows: [
        { id: "train.tsv:2", text: '"fine', label: 1 },
        { id: "train.tsv:3", text: '5" too short', label: 0 },
      ],
    });
  });
});

Deno.test("a table without one: columns by number, pairs, ids of one's own, dev files", async () => {
  const given = options({
    files: { train: ["a.tsv", "b.tsv"], dev: ["dev.tsv"] },
    header: false,
    columns: { id: 0, label: 1, text: 2, pair: 3 },
    classes: [1, 0],
  });
  const files = {
    "a.tsv": "x\t0\tone\ttwo\n",
    "b.tsv": "y\t1\tthree\tfour\n",
    "dev.tsv": "z\t1\tfive\tsix\n",
  };
  await withFiles(files, async (folder) => {
    assert.deepEqual(await readParsed(folder, given), {
      classes: ["1", "0"],
      pairs: true,
      rows: [{ id: "x", text: "one", pair: "two", label: 1 }, {
        id: "y",
        text: "three",
        pair: "four",
        label: 0,
      }],
      dev: [{ id: "z", text: "five", pair: "six", label: 0 }],
    });
  });
});

const mrpc = shared("data/glue/MRPC");

Deno.test({
  name: "the real MRPC: 3,668 pairs to train on, 2,474 of them paraphrases, and 408 with 279",
  ignore: !mrpc,
  async fn() {
    const given = options({
      files: { train: ["train.tsv"], dev: ["dev.tsv"] },
      columns: { text: "#1 String", pair: "#2 String", label: "Quality" },
      classes: [0, 1],
      cleanup: ["reattach"],
    });
    const { rows, dev = [], pairs } = await readParsed(mrpc!, given);
    assert.equal(pairs, true);
    assert.deepEqual([rows, dev].map((all) => all.length), [3668, 408]); // as GLUE states them
    assert.deepEqual([rows, dev].map((all) => all.filter(({ label }) => label === 1).length), [2474, 279]);
    assert.deepEqual(rows[0], {
      id: "train.tsv:2",
      text:
        'Amrozi accused his brother, whom he called " the witness ", of deliberately distorting his evidence.',
      pair:
        'Referring to him as only " the witness ", Amrozi accused his brother of deliberately distorting his evidence.',
      label: 1,
    });
  },
});

const header = "label\ttext\n";
const latin1 = Uint8Array.from(`${header}good\tclich\xe9\n`, (character) => character.charCodeAt(0));

const faults: readonly (readonly [string, string | Uint8Array, Changes, string])[] = [
  [
    "a missing file",
    header,
    { files: { train: ["absent.tsv"], dev: [] } },
    "absent.tsv: found no such file, expected a text file\n  Put the file there, or correct its name.",
  ],
  ["an empty file", "", {}, "train.tsv: found an empty file, expected a row on each line"],
  [
    "text that isn't UTF-8",
    latin1,
    {},
    'train.tsv:2:11: found the byte 0xe9 ("é" in Windows-1252), expected text in UTF-8\n' +
    "  Set `encoding: cp1252` if it is in a Western language, or else another encoding.",
  ],
  [
    "a stray tab",
    `${header}good\tfine\nbad\tvery\tbad\n`,
    {},
    "train.tsv:3: found 3 tab-separated fields, expected 2, as on line 1\n" +
    "  Add the missing field, or remove the stray tab or line break; quotation marks protect neither.",
  ],
  [
    "an empty line",
    `${header}\ngood\tfine\n`,
    {},
    "train.tsv:2: found a blank line with rows below it, expected a row\n  Remove it.",
  ],
  [
    "a column that isn't there",
    "label\tsentence\ngood\tfine\n",
    {},
    'train.tsv:1: found the columns "label", "sentence", expected a column "text"\n' +
    "  Correct `columns`, or set `header: false` where the file has no header and give the columns' numbers.",
  ],
  [
    "a table with commas",
    "text,label\nfine,good\n",
    {},
    'train.tsv:1: found the columns "text,label", expected a column "text"\n' +
    "  There are no tabs: for commas set `kind: csv`.",
  ],
  [
    "a column number that is too high",
    "good\tfine\n",
    { header: false, columns: { text: 1, label: 2 } },
    "train.tsv:1: found 2 columns, expected a column 2, counted from 0\n  Correct `columns`.",
  ],
  [
    "a label outside the classes",
    `${header}good\tfine\nGood\tfine too\n`,
    {},
    'train.tsv:3:1: found the label "Good" in 1 row (did you mean "good"?), expected one of "bad", "good"\n' +
    "  Correct the label, or list it under `classes`, or under `noLabel` if such rows have none.",
  ],
  [
    "more labels outside the classes, the most frequent first",
    `${header}good \tone\nGOOD\ttwo\nmeh\tthree\nGOOD\tfour\n\ud83d\ude00\tfive\nbda\tsix\n\tseven\nx\u202e\teight\n`,
    {},
    'train.tsv:2:1: found 7 labels outside the classes in 8 rows: "GOOD" in 2 rows (did you mean "good"?), ' +
    '"good " in 1 row (did you mean "good"?), "meh" in 1 row, "😀" in 1 row, "bda" in 1 row ' +
    '(did you mean "bad"?) and 2 more, expected one of "bad", "good"\n' +
    "  Correct the label, or list it under `classes`, or under `noLabel` if such rows have none.",
  ],
  [
    "a label as another program writes numbers",
    "1.0\tfine\n0\tbad\n",
    { header: false, columns: { label: 0, text: 1 }, classes: [0, 1] },
    'train.tsv:1:1: found the label "1.0" in 1 row (did you mean "1"?), expected one of "0", "1"\n' +
    "  Correct the label, or list it under `classes`, or under `noLabel` if such rows have none.",
  ],
  [
    "two columns of one name",
    "text\tlabel\ttext\nfine\tgood\tother\n",
    {},
    'train.tsv:1:12: found two columns "text", expected names that differ\n' +
    "  Rename one of them, or give the columns' numbers.",
  ],
  [
    "a column under another spelling",
    " Text\tlabel\nfine\tgood\n",
    {},
    'train.tsv:1: found the columns " Text", "label", expected a column "text"\n' +
    '  Correct `columns`: " Text" may be meant.',
  ],
  [
    "a header alone",
    header,
    {},
    "train.tsv: found a header alone, expected a row below it",
  ],
  [
    "an empty text",
    `${header}good\t \n`,
    {},
    "train.tsv:2:6: found an empty field, expected a text\n  Fill it, or remove the line.",
  ],
  [
    "an id twice",
    "id\tlabel\ttext\na\tgood\tfine\na\tbad\tawful\n",
    { columns: { text: "text", label: "label", id: "id" } },
    'train.tsv:3:1: found the id "a" again (it is at train.tsv:2), expected another id for each row\n' +
    "  Give each row its own id, or leave `columns.id` out to name rows by file and line.",
  ],
  [
    "a file twice",
    `${header}good\tfine\n`,
    { files: { train: ["train.tsv"], dev: ["train.tsv"] } },
    "train.tsv: found the file twice among `files`, expected each file once\n  List each file once.",
  ],
];

Deno.test("blank lines at the end are no rows", async () => {
  await withFiles({ "train.tsv": `${header}good\tfine\n\n  \r\n` }, async (folder) => {
    const { rows } = await readParsed(folder, options());
    assert.deepEqual(rows, [{ id: "train.tsv:2", text: "fine", label: 1 }]);
  });
});

Deno.test("however long what a file holds is, a message shows 200 characters of it at most", async () => {
  const long = "x".repeat(5000);
  const tables = {
    label: `${header}${Array.from({ length: 50 }, (_, at) => `${at}${long}\tfine\n`).join("")}`,
    id: `id\tlabel\ttext\n${`${long}\tgood\tfine\n`.repeat(2)}`,
    columns: `${Array.from({ length: 50 }, (_, at) => `${at}${long}`).join("\t")}\n`,
    twice: `${long}\t${long}\n`,
  };
  for (const [what, table] of Object.entries(tables)) {
    const columns = { text: "text", label: "label", ...(what === "id" && { id: "id" }) };
    const message = await messageFor(
      { "train.tsv": table },
      (folder) => readParsed(folder, options({ columns })),
    );
    assert.ok(message.split("x").length - 1 <= 200, `${what}: ${message}`);
    assert.ok(message.length < 600, message);
  }
});

for (const [fault, table, changes, message] of faults) {
  Deno.test(`${fault} is named by file and line`, async () => {
    const read = (folder: string) => readParsed(folder, options(changes));
    assert.equal(await messageFor({ "train.tsv": table }, read), message);
  });
}

for (
  const [fault, changes, message] of [
    [
      "a file outside the folder",
      { files: { train: ["../other.tsv"] } },
      "a path inside the source's folder",
    ],
    ["an absolute path", { files: { train: ["/data/other.tsv"] } }, "a path inside the source's folder"],
    ["a class twice", { classes: [1, "1"] }, "classes that differ"],
    [
      "a column's name without a header",
      { header: false },
      "columns by number, as there is no header to name them",
    ],
  ] as const
) {
  Deno.test(`${fault} is refused as a parameter`, () => {
    const { error } = tsvSchema.safeParse({ ...options(), ...changes });
    assert.deepEqual(error?.issues.map((issue) => issue.message), [message]);
  });
}
