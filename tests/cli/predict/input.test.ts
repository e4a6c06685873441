import assert from "node:assert/strict";
import { join } from "node:path";
import { type Input, inputRecords } from "../../../src/cli/predict/input.ts";
import { InputError } from "../../../src/errors.ts";
import { withFiles } from "../../data/files.ts";

/** Reads a file of this name and text, and returns its rows with their lines. */
async function read(name: string, text: string, options: Partial<Input> = {}) {
  let rows: readonly (readonly [unknown, number | undefined])[] = [];
  await withFiles({ [name]: text }, async (folder) => {
    const input = { form: undefined, fields: {}, delimiter: undefined, ...options, path: join(folder, name) };
    const records = await Array.fromAsync(inputRecords(input));
    rows = records.map(({ value, at }) => [value, at.line]);
  });
  return rows;
}

Deno.test("the form is what the file's ending tells, or the option", async () => {
  const table = [[{ id: "1", text: 'good, "fine"\nfilm' }, 2], [{ id: "2", text: "dull" }, 4]];
  assert.deepEqual(await read("a.csv", 'id,text\n1,"good, ""fine""\nfilm"\n2,dull\n'), table);
  assert.deepEqual(await read("a.txt", "id;text\n2;dull\n", { form: "csv", delimiter: ";" }), [[{
    id: "2",
    text: "dull",
  }, 2]]);
  assert.deepEqual(await read("a.tsv", 'text\tid\n"good\t1\n'), [[{ text: '"good', id: "1" }, 2]]);
  assert.deepEqual(await read("a.jsonl", '{"text":"a"}\r\n[1]\n'), [[{ text: "a" }, 1], [[1], 2]]);
  assert.deepEqual(await read("a.txt", "good film\ndull\n \n\n"), [
    [{ text: "good film" }, 1],
    [{ text: "dull" }, 2],
  ]);
});

Deno.test("a line that isn't of the form is refused with its place", async () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    [
      "a.jsonl",
      '{"text":"a"}\n{"text":\n',
      /a\.jsonl:2: found a line that isn't JSON, expected one object a line.*\n {2}\{"text":\n {2}\^\n/,
    ],
    ["a.jsonl", '{"text":"a"}\n\n{"text":"b"}\n', /a\.jsonl:2: found an empty line/],
    ["a.csv", "id,text\n1\n", /a\.csv:2: found 1 field, expected 2/],
    ["a.csv", "text,text\na,b\n", /a\.csv:1: found two columns "text", expected names that differ/],
    ["a.csv", "id;text\n1;a\n", /a\.csv:1: found one column "id;text", .*\n.*--delimiter ";"/],
    ["a.csv", 'text\n"a\n', /a\.csv:2:1: found a quotation mark that isn't closed/],
  ];
  for (const [name, text, message] of refused) {
    await assert.rejects(read(name, text), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("an ending in capitals tells the form too", async () => {
  assert.deepEqual(await read("A.CSV", "id,text\n1,good\n"), [[{ id: "1", text: "good" }, 2]]);
  assert.deepEqual(await read("A.JSONL", '{"text":"a"}\n'), [[{ text: "a" }, 1]]);
});

Deno.test("a blank line in a table of one column isn't passed over", async () => {
  for (const name of ["a.csv", "a.tsv"]) {
    await assert.rejects(read(name, "text\ngood\n\ndull\n"), /:3: found a blank line with rows below it/);
    assert.equal((await read(name, "text\ngood\ndull\n\n \n")).length, 2);
  }
});

Deno.test("columns without a name are left to themselves, and two of one name are refused", async () => {
  assert.deepEqual(await read("a.csv", "text,,\ngood,,\n"), [[{ text: "good", "": "" }, 2]]);
  await assert.rejects(read("a.csv", "text,text\na,b\n"), /found two columns "text"/);
});
