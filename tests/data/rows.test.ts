import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type NoiseUse, readNoiseRows, readRows, type Row, writeRows } from "../../src/data/rows.ts";
import { messageFor, withFiles } from "./files.ts";

Deno.test("rows come back as they were written", async () => {
  const rows: Row[] = [
    { id: "1", text: 'a "quoted"\ttext\u2028', label: 0 },
    { id: "2", text: "one", pair: "two 😀", label: 3, votes: 0.25 },
    { id: "3", text: "three", label: 2, votes: [0, 0.25, 0.75] },
  ];
  await withFiles({}, async (folder) => {
    const file = join(folder, "rows.jsonl");
    await writeRows(file, rows);
    assert.deepEqual(await readRows(file), rows);
  });
});

Deno.test("a row's fields are always in the same order, and noise rows have no label", async () => {
  await withFiles({}, async (folder) => {
    const file = join(folder, "rows.jsonl");
    await writeRows(file, [{ label: 1, text: "good", id: "a" }]);
    assert.equal(await Deno.readTextFile(file), '{"id":"a","text":"good","label":1}\n');
    await writeRows(file, [{ text: "good", id: "a#0" }]);
    assert.equal(await Deno.readTextFile(file), '{"id":"a#0","text":"good"}\n');
  });
});

Deno.test("many rows are written piece by piece, and a message shows little of a wrong one", async () => {
  const rows = Array.from(
    { length: 20_000 },
    (_, index) => ({ id: `${index}`, text: "ten letters ".repeat(9) }),
  );
  await withFiles({}, async (folder) => {
    await writeRows(join(folder, "train.jsonl"), rows); // 2.5 MB
    assert.deepEqual(await Array.fromAsync(readNoiseRows(new Map([["", folder]]), "train")), rows);
  });
  const wrong = `{"${"x".repeat(1000)}": 1}\n`;
  const message = await messageFor({ "rows.jsonl": wrong }, (folder) => readRows(join(folder, "rows.jsonl")));
  assert.ok(message.split("x").length - 1 <= 200, message);
});

Deno.test("noise to train on comes from all pools in the order of their numbers, the other from the first", async () => {
  const row = (id: string, label?: number) => ({ id, text: `text of ${id}`, label });
  await withFiles({}, async (folder) => {
    const pools = new Map(["1", "10", "2"].map((name) => [name, join(folder, name)]));
    for (const [name, pool] of pools) {
      await mkdir(pool);
      await writeRows(join(pool, "train.jsonl"), [row(`${name}#0`), row(`${name}#1`, 1)]);
      await writeRows(join(pool, "evaluation.jsonl"), name === "1" ? [row("e#0")] : []);
    }
    const ids = async (use: NoiseUse) =>
      (await Array.fromAsync(readNoiseRows(pools, use))).map(({ id, label = "" }) => `${id}${label}`);
    assert.deepEqual(await ids("train"), ["1#0", "1#11", "2#0", "2#11", "10#0", "10#11"]);
    assert.deepEqual(await ids("evaluation"), ["e#0"]);
    pools.delete("1");
    assert.deepEqual(await ids("evaluation"), []); // a weak noise model's samples may all have been dropped
    for (const pool of pools.values()) await writeRows(join(pool, "train.jsonl"), []);
    await assert.rejects(ids("train"), /2\/train\.jsonl: found an empty file, expected at least one row/);
  });
});

const good = '{"id":"a","text":"good","label":1}\n';
const fix = "\n  Rows are written by a stage: run it again with --force.";

for (
  const [fault, line, message] of [
    ["a label below 0", '{"id":"b","text":"bad","label":-1}', "label: Too small: expected number to be >=0"],
    ["no text", '{"id":"b","label":0}', "text: Invalid input: expected string, received undefined"],
    [
      "a line that breaks off",
      '{"id":"b","te',
      "a line that is no row (Invalid input: expected object, received undefined)",
    ],
    [
      "an unknown field",
      '{"id":"b","text":"bad","label":0,"lable":0}',
      'a line that is no row (Unrecognized key: "lable")',
    ],
  ]
) {
  Deno.test(`${fault} is named by file and line`, async () => {
    assert.equal(
      await messageFor({ "rows.jsonl": good + line }, (folder) => readRows(join(folder, "rows.jsonl"))),
      `rows.jsonl:2: found ${message}, expected a row as JSON${fix}`,
    );
  });
}
