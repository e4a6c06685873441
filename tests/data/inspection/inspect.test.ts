/** Files as people have them are read as a person would describe them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  describeForm,
  describeSource,
  inspect,
  type Inspection,
} from "../../../src/data/inspection/inspect.ts";
import { sourceFiles } from "../../../src/data/inspection/parts.ts";
import { describeRepeats } from "../../../src/data/inspection/repeats.ts";
import type { GivenRoles } from "../../../src/data/inspection/roles.ts";
import { fixture } from "../../fixtures.ts";
import { shared } from "../../shared.ts";
import { messageFor, withFiles } from "../files.ts";

const data = shared("data");

async function inspected(paths: readonly string[], given: GivenRoles = {}): Promise<Inspection> {
  return await inspect(await sourceFiles({ unknown: paths, dev: [], test: [] }), given, { near: false });
}

async function inspectedText(name: string, text: string, given?: GivenRoles): Promise<Inspection> {
  let inspection: Inspection | undefined;
  await withFiles({ [name]: text }, async (folder) => {
    inspection = await inspected([join(folder, name)], given);
  });
  return inspection!;
}

function fault(name: string, content: string | Uint8Array, given?: GivenRoles): Promise<string> {
  return messageFor({ [name]: content }, (folder) => inspected([join(folder, name)], given));
}

/** Rows of texts that differ, with labels in turn. */
function table(separator: string, labels: readonly string[], rows = 200): string {
  return Array.from(
    { length: rows },
    (_, row) => `word${row} of text number ${row * row}${separator}${labels[row % labels.length]}\n`,
  ).join("");
}

/** Public data sets, with the description that docs/data.md or their authors give them. */
const described: readonly (readonly [readonly string[], Readonly<Record<string, unknown>>])[] = [
  [["intent/Banking77/train.csv", "intent/Banking77/test.csv"], {
    kind: "csv",
    files: { train: ["train.csv"], test: ["test.csv"] },
    columns: { text: "text", label: "category" },
  }],
  [["topic/AGNews/train_heldout_10k.tsv", "topic/AGNews/test.tsv"], {
    kind: "tsv",
    header: false,
    files: { train: ["train_heldout_10k.tsv"], test: ["test.tsv"] },
    columns: { text: 0, label: 1 },
    cleanup: ["unescape-html"],
  }],
  [["human/SNLI-subset/snli_1.0_dev.jsonl", "human/SNLI-subset/snli_1.0_test.jsonl"], {
    kind: "jsonl",
    files: { train: ["snli_1.0_dev.jsonl"], test: ["snli_1.0_test.jsonl"] },
    columns: { text: "sentence1", pair: "sentence2", label: "gold_label" },
    noLabel: ["-"],
  }],
  [["human/ChaosNLI/chaosNLI_snli.jsonl"], {
    kind: "jsonl",
    files: { train: ["chaosNLI_snli.jsonl"] },
    columns: { text: "example.premise", pair: "example.hypothesis", label: "majority_label" },
  }],
  [["question/TREC/TREC.train", "question/TREC/TREC.test"], {
    kind: "lines",
    encoding: "cp1252",
    files: { train: ["TREC.train"], test: ["TREC.test"] },
  }],
  [["intent/CLINC150/data_small.json"], {
    kind: "json",
    files: {
      train: ["data_small.json#train", "data_small.json#oos_train"],
      dev: ["data_small.json#oos_val", "data_small.json#val"],
      test: ["data_small.json#oos_test", "data_small.json#test"],
    },
    columns: { text: 0, label: 1 },
  }],
  [["glue/CoLA/in_domain_train.tsv", "glue/CoLA/in_domain_dev.tsv"], {
    kind: "tsv",
    header: false,
    files: { train: ["in_domain_train.tsv"], dev: ["in_domain_dev.tsv"] },
    columns: { text: 3, label: 1 },
  }],
  [["glue/MRPC/dev.tsv"], {
    kind: "tsv",
    files: { train: ["dev.tsv"] },
    columns: { text: "#1 String", pair: "#2 String", label: "Quality" },
  }],
  [["glue/QNLI/dev.tsv"], {
    kind: "tsv",
    files: { train: ["dev.tsv"] },
    columns: { text: "question", pair: "sentence", label: "label" },
  }],
];

Deno.test({
  name: "public data sets are described as their authors do",
  ignore: !data,
  async fn() {
    for (const [names, description] of described) {
      const unknown = names.map((name) => join(data!, name));
      const source = await describeSource(await sourceFiles({ unknown, dev: [], test: [] }), {});
      assert.deepEqual(source.description, description, names[0]);
    }
  },
});

Deno.test({
  name: "rows that repeat, within Banking77's files and between them, are counted",
  ignore: !data,
  async fn() {
    // The numbers are those of a few lines of Python: texts, and sets, of lower-case words.
    const files = ["train.csv", "test.csv"].map((name) => join(data!, "intent/Banking77", name));
    const { source, split } = await inspected(files);
    assert.deepEqual([source.rows.length, source.test?.length, source.classes.length], [10003, 3080, 77]);
    assert.deepEqual(describeRepeats(split), [
      "duplicates: 60 rows with the words of another",
      "leakage: 62 rows with the same words as a row of the test files, which prepare-data drops",
    ]);
  },
});

Deno.test("delimiters, encodings, headers and labels that are none are found", async () => {
  const semicolons = await inspectedText("a.csv", `review;verdict\n${table(";", ["good", "bad", "good"])}`);
  assert.deepEqual(semicolons.description, {
    kind: "csv",
    delimiter: ";",
    files: { train: ["a.csv"] },
    columns: { text: "review", label: "verdict" },
  });
  const bare = await inspectedText("a.txt", table("\t", ["1", "0", "1"]));
  assert.equal(describeForm(bare.form), "tab-separated in UTF-8");
  assert.deepEqual(bare.description.columns, { text: 0, label: 1 });
  const gaps = await inspectedText("a.tsv", `text\tlabel\n${table("\t", ["x", "y", "", "x", "y"])}`);
  assert.deepEqual([gaps.description.noLabel, gaps.source.unlabelled?.length], [[""], 40]);
  const index = await inspectedText(
    "a.tsv",
    `\ttext\tstars\n${table("\t", ["1", "5"]).replace(/^/gm, "7\t")}`.slice(0, -2),
  );
  assert.deepEqual(index.description.columns, { text: "text", label: "stars" });
});

Deno.test("Parquet has its columns from its schema", async () => {
  const { form, roles } = await describeSource(
    await sourceFiles({ unknown: [fixture("parquet/snappy.parquet")], dev: [], test: [] }),
    {},
  );
  assert.deepEqual([form.kind, roles], ["parquet", { text: "text", pair: "pair", label: "label" }]);
});

Deno.test("a person's word on the columns counts", async () => {
  const text = `title,body,sure\n${table(",", ["a,1", "b,2"])}`;
  assert.deepEqual((await inspectedText("a.csv", text)).roles, {
    text: "title",
    pair: undefined,
    label: "body",
  });
  const given = await inspectedText("a.csv", text, { text: "title", label: "sure", pair: "body" });
  assert.deepEqual(given.description.columns, { text: "title", pair: "body", label: "sure" });
  const numbers = await inspectedText("a.csv", table(",", ["a,1", "b,2"]), { label: "2" });
  assert.deepEqual(numbers.description.columns, { text: 0, label: 2 });
  assert.equal(
    await fault("a.csv", text, { label: "bdy" }),
    'a.csv:1: found the columns "title", "body", "sure", expected a column "bdy"\n' +
      '  Correct `columns`: "body" may be meant.',
  );
});

Deno.test("what can't be trained on is told in one message", async () => {
  const faults: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    ["a.csv", "", /^a\.csv: found an empty file, expected rows of texts with labels$/],
    ["a.tsv", "text\tlabel\n", /^a\.tsv: found a header alone, expected rows below it$/],
    [
      "a.tsv",
      `text\tlabel\n${table("\t", ["good"])}`,
      /^a\.tsv: found "text" \(200 different values in 200 rows\), "label" \("good" in every row\), expected a column of labels: 2 to 1,000 different ones, which repeat\n {2}Name it by --label-column, if there is one\.$/,
    ],
    [
      "a.jsonl",
      '{"text": "a", "label": 1}\nno JSON\n',
      /^a\.jsonl:2:1: found a line that isn't JSON from here on/,
    ],
    [
      "a.tsv",
      `text\tlabel\n${table("\t", ["a", "b"])}one field\n`,
      /^a\.tsv:202: found 1 tab-separated field, expected 2/,
    ],
    [
      "a.tsv",
      `text\tlabel\n${table("\t", ["a", "b"])}\tb\n`,
      /^a\.tsv:202:1: found an empty field, expected a text/,
    ],
    ["a.tsv", "text\tlabel\na\tx\nb\ty\nc\tx\n", /^found no row for the split "\w+", expected one at least/],
    [
      "a.csv",
      new Uint8Array([0x50, 0x4b, 3, 4, 0xff, 0xfe, 10]),
      /^a\.csv: found a zip archive, or a workbook/,
    ],
    ["a.txt", "no\nlabels\nhere\n", /^a\.txt:1: found "no" without " ", expected a label, " " and a text/],
  ];
  for (const [name, content, message] of faults) assert.match(await fault(name, content), message);
  assert.match(
    await messageFor({
      "train.csv": `text,label\n${table(",", ["a", "b"])}`,
      "test.tsv": "text\tlabel\na\tb\n",
    }, (folder) => inspected(["train.csv", "test.tsv"].map((name) => join(folder, name)))),
    /^test\.tsv: found tab-separated in UTF-8, expected CSV in UTF-8, as train\.csv is\n/,
  );
});

Deno.test("files of several encodings are refused, but that ASCII alone is the same in two of them", async () => {
  const rows = `text,label\n${table(",", ["a", "b"])}`;
  const latin1 = Uint8Array.from(`${rows}tr\u00e8s bon,a\n`, (character) => character.charCodeAt(0));
  const utf16 = new Uint8Array(Uint16Array.from(`\ufeff${rows}`, (unit) => unit.charCodeAt(0)).buffer);
  const both = (train: string | Uint8Array, test: string | Uint8Array) =>
    messageFor(
      { "train.csv": train, "test.csv": test },
      (folder) => inspected(["train.csv", "test.csv"].map((name) => join(folder, name))),
    );
  const expected = (encoding: string, file: string) =>
    new RegExp(`, expected CSV in ${encoding}, as ${file}\\.csv is\n`);
  assert.match(await both(`${rows}très mauvais,b\n`, latin1), expected("UTF-8", "train"));
  assert.match(await both(latin1, `${rows}très mauvais,b\n`), expected("CP1252", "train"));
  assert.match(await both(latin1, `\ufeff${rows}`), expected("CP1252", "train"));
  assert.match(await both(rows, utf16), expected("UTF-16LE", "test"));
  await withFiles({ "train.csv": rows, "test.csv": latin1 }, async (folder) => {
    const unknown = ["train.csv", "test.csv"].map((name) => join(folder, name));
    const { description } = await describeSource(await sourceFiles({ unknown, dev: [], test: [] }), {});
    assert.equal(description.encoding, "cp1252");
  });
});

Deno.test("a # in the name of a folder or a file is part of it", async () => {
  const rows = `text,label\n${table(",", ["a", "b"])}`;
  await withFiles({ "c#.csv": rows }, async (folder) => {
    const inside = join(folder, "c#dir");
    Deno.mkdirSync(inside);
    Deno.renameSync(join(folder, "c#.csv"), join(inside, "c#.csv"));
    const list = Array.from({ length: 200 }, (_, row) => ({ text: `word${row} here`, label: row % 2 }));
    Deno.writeTextFileSync(join(inside, "no#1.json"), JSON.stringify(list));
    for (const name of ["c#.csv", "no#1.json"]) {
      const { source } = await inspected([join(inside, name)]);
      assert.equal(source.rows.length, 200);
    }
  });
});

Deno.test("columns without a name behind the others, as spreadsheets write them, leave the first row a header", async () => {
  const rows = table(",", ["ham,,,", "spam,,,"]);
  const { description } = await inspectedText("a.csv", `v2,v1,,,\n${rows}`);
  assert.equal(description.header, undefined);
  assert.deepEqual(description.columns, { text: "v2", label: "v1" });
});
