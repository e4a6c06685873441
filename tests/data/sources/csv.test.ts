import assert from "node:assert/strict";
import fc from "fast-check";
import { csvRows, placeInCsv } from "../../../src/data/sources/csv_rows.ts";
import { csvSchema } from "../../../src/data/sources/csv.ts";
import { shared } from "../../shared.ts";
import { faultIn, read, readFrom } from "./reading.ts";

const described = {
  kind: "csv",
  files: { train: ["a.csv"] },
  columns: { text: "text", label: "label" },
} as const;

Deno.test("quoted fields hold delimiters, line breaks and doubled quotation marks, others hold single ones", async () => {
  const text = '\ufefflabel,text\r\ngood,"fine, ""very""\r\nfine"\r\nbad,5" too short\r\n\r\n';
  const { rows, classes, pairs } = await readFrom({ "a.csv": text }, described);
  assert.deepEqual({ classes, pairs }, { classes: ["bad", "good"], pairs: false });
  assert.deepEqual(rows, [
    { id: "a.csv:2", text: 'fine, "very"\r\nfine', label: 1 },
    { id: "a.csv:4", text: '5" too short', label: 0 },
  ]);
});

Deno.test("another delimiter, no header, columns by number", async () => {
  const source = await readFrom({ "a.csv": '1;"a;b";x\n0;c;"y"' }, {
    ...described,
    delimiter: ";",
    header: false,
    columns: { text: 1, pair: 2, label: 0 },
  });
  assert.deepEqual(source.rows, [
    { id: "a.csv:1", text: "a;b", pair: "x", label: 1 },
    { id: "a.csv:2", text: "c", pair: "y", label: 0 },
  ]);
});

/** Writes a field as RFC 4180 has it, in quotation marks where it needs them or where they are asked for. */
const written = (field: string, quoted: boolean, delimiter: string) =>
  quoted || field.startsWith('"') || [delimiter, "\r", "\n"].some((one) => field.includes(one))
    ? `"${field.replaceAll('"', '""')}"`
    : field;

const field = fc.string({
  unit: fc.constantFrom('"', ",", ";", "\t", "\r", "\n", " ", "a", "é", "😀", "\u2028"),
  maxLength: 8,
});

/** Cuts bytes into chunks of a size, after a first one that holds a line feed, as a mebibyte of rows does. */
async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const first = bytes.indexOf(0x0a) + 1 || bytes.length;
  yield bytes.subarray(0, first);
  for (let at = first; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

Deno.test("fields come back as they were written, wherever the file is cut into chunks, with their places", async () => {
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 2, max: 4 }).chain((columns) =>
      fc.array(fc.array(fc.tuple(field, fc.boolean()), { minLength: columns, maxLength: columns }), {
        minLength: 1,
        maxLength: 6,
      })
    ),
    fc.constantFrom(",", ";", "\t"),
    fc.constantFrom("\n", "\r\n"),
    fc.boolean(),
    fc.integer({ min: 1, max: 40 }),
    async (table, delimiter, lineEnd, endsLine, size) => {
      const rows = table.map((row) => row.map(([value]) => value));
      const lines = table.map((row) =>
        row.map(([value, quoted]) => written(value, quoted, delimiter)).join(delimiter)
      );
      // The first field is written with a letter, so that no row is blank.
      rows.forEach((row) => row[0] = `x${row[0]}`);
      lines.forEach((line, at) => lines[at] = line.startsWith('"') ? `"x${line.slice(1)}` : `x${line}`);
      const text = lines.join(lineEnd) + (endsLine || lines.length === 1 ? lineEnd : "");
      const found =
        (await Array.fromAsync(csvRows("a", chunks(new TextEncoder().encode(text), size), delimiter)))
          .flat();
      assert.deepEqual(found.map(({ fields }) => fields), rows);
      for (const row of found) {
        for (const index of row.fields.keys()) {
          const { line, column } = placeInCsv("a", row, index, delimiter);
          const start = text.split("\n").slice(0, line! - 1).reduce((sum, one) => sum + one.length + 1, 0);
          const rest = text.slice(start + column! - 1);
          assert.ok(rest.startsWith(written(row.fields[index], rest.startsWith('"'), delimiter)), rest);
        }
      }
    },
  ));
});

for (
  const [fault, text, changes, message] of [
    [
      "a row with another number of fields",
      "text,label\ngood, very good,1\n",
      {},
      "a.csv:2: found 3 fields, expected 2, as in the first row\n" +
      "  Put fields that hold a delimiter or a line break in quotation marks, or set `delimiter`.",
    ],
    [
      "text behind a quoted field",
      'text,label\n"a ""fine"" film" really,1\n',
      {},
      'a.csv:2:18: found " really,1" behind a field in quotation marks, expected a delimiter or the line\'s end\n' +
      '  Double each quotation mark that is part of such a field: "".',
    ],
    [
      "a quotation mark that isn't closed",
      'text,label\nok,1\n"two\nlines",1\nx,"never closed\nto the end,1\n',
      {},
      "a.csv:5:3: found a quotation mark that isn't closed, expected another at the end of the field\n" +
      "  Close it, or double it and put the field that it is part of in quotation marks.",
    ],
    [
      "an empty text behind a field of two lines",
      'label,other,text\n1,"two\nlines",\n',
      { columns: { text: "text", label: "label" } },
      "a.csv:3:8: found an empty field, expected a text\n  Fill it, or remove the line.",
    ],
    [
      "a table with semicolons",
      "text;label\na;1\n",
      {},
      'a.csv:1: found the columns "text;label", expected a column "text"\n' +
      '  If it is between the fields, set `delimiter: ";"`.',
    ],
    [
      "JSON Lines",
      '{"text": 1}\n',
      {},
      'a.csv:1: found the columns "{\\"text\\": 1}", expected a column "text"\n' +
      "  For JSON Lines set `kind: jsonl`, for JSON `kind: json`.",
    ],
    ["an empty file", "", {}, "a.csv: found an empty file, expected a row on each line"],
    ["a header alone", "text,label\n", {}, "a.csv: found a header alone, expected a row below it"],
    [
      "a blank line between others",
      "text,label\n\na,1\n",
      {},
      "a.csv:2: found a blank line with rows below it, expected a row\n  Remove it.",
    ],
    [
      "a blank line above all others",
      "\ntext,label\na,1\n",
      {},
      "a.csv:1: found a blank line with rows below it, expected a row\n  Remove it.",
    ],
  ] as const
) {
  Deno.test(`${fault} is named by file, line and column`, async () => {
    assert.equal(await faultIn({ "a.csv": text }, { ...described, ...changes }), message);
  });
}

Deno.test("a file that a quotation mark makes one field of is refused before all of it is read", async () => {
  const text = `text,label\n"${"no end\n".repeat(2_500_000)}`;
  assert.match(
    await faultIn({ "a.csv": text }, described),
    /^a\.csv:2:1: found a quotation mark that isn't closed/,
  );
});

Deno.test("a delimiter is one character and no quotation mark", () => {
  for (const delimiter of ["", ",,", '"', "\n"]) {
    const { error } = csvSchema.safeParse({ ...described, delimiter });
    assert.deepEqual(error?.issues.map(({ message }) => message), [
      "a single character, no quotation mark or line break",
    ]);
  }
});

const banking = shared("data/intent/Banking77");

Deno.test({
  name: "the real Banking77: 10,003 questions of 77 classes, whose names nobody gave, and 3,080 to test on",
  ignore: !banking,
  async fn() {
    const { classes, rows, test = [], areClassesInferred } = await read(banking!, {
      ...described,
      files: { train: ["train.csv"], test: ["test.csv"] },
      columns: { text: "text", label: "category" },
    });
    const names: string[] = JSON.parse(await Deno.readTextFile(`${banking}/categories.json`));
    assert.deepEqual([...classes].sort(), names.sort());
    assert.deepEqual([rows.length, test.length, areClassesInferred], [10003, 3080, true]);
    const count = (name: string) => rows.filter(({ label }) => classes[label] === name).length;
    assert.equal(count("card_payment_fee_charged"), 187); // as SOURCES.md counts them
    assert.equal(classes.every((_, label) => test.filter((row) => row.label === label).length === 40), true);
  },
});
