import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fixture } from "../../fixtures.ts";
import type { HeldSource } from "../held.ts";
import { faultIn, read, readFrom } from "./reading.ts";

const folder = fixture("parquet");
const expected: readonly {
  readonly text: string;
  readonly pair: string;
  readonly label: number;
  readonly name: string;
  readonly votes: readonly string[];
  readonly example: { readonly premise: string; readonly counts: readonly number[] };
}[] = JSON.parse(readFileSync(fixture("parquet/rows.json"), "utf8"));

const classes = ["contradiction", "entailment", "neutral"];

for (const way of ["snappy", "gzip", "zstd", "brotli", "lz4", "plain", "pages-v2", "delta"]) {
  Deno.test(`rows that pyarrow wrote come back: ${way}`, async () => {
    const source = await read(folder, {
      kind: "parquet",
      files: { train: [`${way}.parquet`] },
      columns: { text: "text", pair: "example.premise", label: "name", votes: "votes" },
      cleanup: ["collapse-whitespace"],
    });
    assert.deepEqual(source.classes, classes);
    const shares = (votes: readonly string[]) =>
      classes.map((name) => votes.filter((vote) => vote === name).length / votes.length);
    assert.deepEqual(
      source.rows,
      expected.map(({ text, example, name, votes }, index) => ({
        id: `${way}.parquet:${index + 1}`,
        text: text.replaceAll(/\s+/g, " ").trim(),
        pair: example.premise,
        label: classes.indexOf(name),
        votes: shares(votes),
      })),
    );
    const byNumber = await read(folder, {
      kind: "parquet",
      files: { train: [`${way}.parquet`] },
      columns: { text: 1, label: 2 },
    });
    assert.deepEqual(byNumber.classes, ["0", "1", "2"]);
    assert.deepEqual(
      byNumber.rows.map(({ text, label }) => ({ text, label })),
      expected.map(({ pair, label }) => ({ text: pair, label })),
    );
  });
}

const bytes = Deno.readFileSync(fixture("parquet/snappy.parquet"));
const described = {
  kind: "parquet",
  files: { train: ["a.parquet"] },
  columns: { text: "text", label: "label" },
} as const;

for (
  const [fault, content, columns, message] of [
    [
      "a text file",
      new TextEncoder().encode("text,label\na,1\n"),
      {},
      "a.parquet: found a file that can't be read as Parquet (parquet file invalid (footer != PAR1)), expected a " +
      "Parquet file\n  Copy the file again, or set another `kind`.",
    ],
    [
      "a file that breaks off",
      bytes.subarray(0, 2000),
      {},
      "a.parquet: found a file that can't be read as Parquet (parquet file invalid (footer != PAR1)), expected a " +
      "Parquet file\n  Copy the file again, or set another `kind`.",
    ],
    [
      "a column that isn't there",
      bytes,
      { text: "Text" },
      'a.parquet: found the columns "text", "pair", "label", "name", "votes", "example", "is_true", expected a ' +
      'column "Text"\n  Correct `columns`: "text" may be meant.',
    ],
    [
      "a column number that is too high",
      bytes,
      { text: 7 },
      "a.parquet: found 7 columns, expected a column 7, counted from 0\n  Correct `columns`.",
    ],
    [
      "a null",
      Deno.readFileSync(fixture("parquet/null.parquet")),
      {},
      "a.parquet:2: found null, expected a text\n  Fill it, or remove the line.",
    ],
  ] as const
) {
  Deno.test(`${fault} is named by its file and row`, async () => {
    const given = { ...described, columns: { ...described.columns, ...columns } };
    assert.equal(await faultIn({ "a.parquet": content }, given), message);
  });
}

const hub = readFileSync(fixture("parquet/class-label.parquet"));
const hubFiles = { "a.parquet": hub, "b.parquet": hub };
const both = { ...described, files: { train: ["a.parquet"], test: ["b.parquet"] } };
const labelsOf = ({ rows }: HeldSource) => rows.map(({ label }) => label);

Deno.test("numbers are the classes that a file of the hub says, in its order", async () => {
  const source = await readFrom(hubFiles, both);
  const names = ["neutral", "no", "yes"];
  assert.deepEqual([source.classes, source.areClassesInferred], [names, undefined]);
  assert.deepEqual(labelsOf(source), expected.map(({ label }) => label));
  assert.deepEqual(source.notes, ['labels stand for 3 classes, as the files say: "neutral", "no", "yes"']);

  const reordered = await readFrom(hubFiles, { ...both, classes: names.toReversed() });
  assert.deepEqual(reordered.classes, names.toReversed());
  assert.deepEqual(labelsOf(reordered), expected.map(({ label }) => 2 - label));
});

Deno.test("classes that are listed as numbers, or other columns, are as the file has them", async () => {
  const numbered = await readFrom(hubFiles, { ...both, classes: [2, 1, 0] });
  assert.deepEqual([numbered.classes, numbered.notes], [["2", "1", "0"], undefined]);
  assert.deepEqual(labelsOf(numbered), expected.map(({ label }) => 2 - label));
  const texts = await readFrom(hubFiles, { ...both, columns: { text: "text", label: "text" } });
  assert.deepEqual(texts.classes, expected.map(({ text }) => text).sort());
});

Deno.test("files whose numbers stand for other classes are named", async () => {
  const other = hub.toString("latin1").replaceAll('["neutral", "no", "yes"]', '["neutral", "yes", "no"]');
  assert.equal(
    await faultIn({ ...hubFiles, "b.parquet": Uint8Array.from(other, (byte) => byte.charCodeAt(0)) }, both),
    'b.parquet: found labels that stand for the classes "neutral", "yes", "no", expected "neutral", "no", "yes", ' +
      "as in a.parquet\n  Take all files from one version of the data set.",
  );
});

Deno.test("what a file says of classes that can't be is passed over", async () => {
  const names = '"names": ["neutral", "no", "yes"]';
  for (const wrong of ['"names": ["no", "no"]', '"names": {"neutral": "no"}', '"names": 1', "...", ""]) {
    const text = hub.toString("latin1").replaceAll(names, wrong.padEnd(names.length));
    const bytes = Uint8Array.from(text, (byte) => byte.charCodeAt(0));
    const { classes } = await readFrom({ "a.parquet": bytes }, described);
    assert.deepEqual(classes, ["0", "1", "2"]);
  }
});

Deno.test("a missing file is named", async () => {
  assert.equal(
    await faultIn({}, described),
    "a.parquet: found no such file, expected a Parquet file\n  Put the file there, or correct its name.",
  );
});
