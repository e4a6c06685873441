import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { glueSchema, readGlue } from "../../../src/data/sources/glue.ts";
import { shared } from "../../shared.ts";
import { messageFor, withFiles } from "../files.ts";
import { held, type HeldSource } from "../held.ts";

/** Reads a task of GLUE, of these parameters, from a folder. */
function readIn(folder: string, options: Readonly<Record<string, unknown>>): Promise<HeldSource> {
  return held((store) => readGlue(folder, glueSchema.parse({ kind: "glue", ...options }), store));
}

/** Reads a task from files with these tables, whose paths may have folders. */
async function readTask(
  task: string,
  tables: Readonly<Record<string, readonly string[]>>,
): Promise<HeldSource> {
  let source: HeldSource | undefined;
  await withFiles({}, async (folder) => {
    for (const [name, lines] of Object.entries(tables)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      Deno.writeTextFileSync(join(folder, name), `${lines.join("\n")}\n`);
    }
    source = await readIn(folder, { task });
  });
  return source!;
}

const fields = (...values: readonly string[]) => values.join("\t");
const textsAndClasses = ({ classes }: HeldSource, rows: HeldSource["rows"] = []) =>
  rows.map(({ text, pair, label }) => [text, ...(pair === undefined ? [] : [pair]), classes[label]]);

Deno.test("SST-2 and CoLA: single sentences, CoLA's without a header and to be reported by MCC", async () => {
  const sst2 = await readTask("sst2", {
    "train.tsv": ["sentence\tlabel", "a fine film \t1", "dull \t0"],
    "dev.tsv": ["sentence\tlabel", "lovely \t1", "a bore \t0", "so so \t0"],
  });
  assert.deepEqual(textsAndClasses(sst2, sst2.rows), [["a fine film", "positive"], ["dull", "negative"]]);
  assert.equal(sst2.metric, "accuracy");

  const cola = await readTask("cola", {
    "CoLA/train.tsv": ["gj04\t1\t\tThe cat sleeps.", "gj04\t0\t*\tCat the sleeps."],
    "CoLA/dev.tsv": ['gj04\t1\t\tShe said "so.', "gj04\t0\t*\tSaid so she."],
  });
  assert.deepEqual(cola.classes, ["unacceptable", "acceptable"]);
  assert.deepEqual(textsAndClasses(cola, cola.given?.dev1), [['She said "so.', "acceptable"]]);
  assert.equal(cola.metric, "mcc");
});

Deno.test("the first half of dev is dev1 and the rest dev2, and an odd row isn't lost", async () => {
  const { dev, given } = await readTask("sst2", {
    "train.tsv": ["sentence\tlabel", "a\t1", "b\t0"],
    "dev.tsv": ["sentence\tlabel", "one\t1", "two\t0", "three\t0", "four\t1", "five\t1"],
  });
  assert.equal(dev, undefined);
  assert.deepEqual(given?.dev1.map(({ text }) => text), ["one", "two"]);
  assert.deepEqual(given?.dev2.map(({ text }) => text), ["three", "four", "five"]);
});

const [trainHeader, devHeader] = [["label1"], ["label1", "label2", "label3", "label4", "label5"]].map((
  labels,
) =>
  fields(
    ...["index", "promptID", "pairID", "genre", "sentence1_binary_parse", "sentence2_binary_parse"],
    ...["sentence1_parse", "sentence2_parse", "sentence1", "sentence2", ...labels, "gold_label"],
  )
);
const mnliRow = (premise: string, hypothesis: string, labels: number, gold: string) =>
  fields(
    "0",
    "1p",
    "1pe",
    "fiction",
    "( a )",
    "( b )",
    "(A a)",
    "(B b)",
    premise,
    hypothesis,
    ...Array(labels).fill(gold),
    gold,
  );

Deno.test("MNLI: 12 columns to train on, 16 in dev, the mismatched dev as test, RoBERTa's order of classes", async () => {
  const source = await readTask("mnli", {
    "train.tsv": [trainHeader, mnliRow("p1", "h1", 1, "entailment"), mnliRow("p2", "h2", 1, "neutral")],
    "dev_matched.tsv": [devHeader, mnliRow("p3", "h3", 5, "contradiction"), mnliRow("p4", "h4", 5, "-")],
    "dev_mismatched.tsv": [devHeader, mnliRow("p5", "h5", 5, "entailment")],
  });
  assert.deepEqual(source.classes, ["contradiction", "neutral", "entailment"]);
  assert.deepEqual(textsAndClasses(source, source.rows), [["p1", "h1", "entailment"], [
    "p2",
    "h2",
    "neutral",
  ]]);
  assert.deepEqual(textsAndClasses(source, source.given?.dev2), [["p3", "h3", "contradiction"]]);
  assert.deepEqual(textsAndClasses(source, source.test), [["p5", "h5", "entailment"]]);
  assert.deepEqual(source.unlabelled, [{ id: "dev_matched.tsv:3", reason: "no label", label: "-" }]);
  assert.deepEqual(source.notes, [
    "GLUE's mnli from train.tsv; dev_matched.tsv in halves as dev1 and dev2; dev_mismatched.tsv as test",
    "warning: 2 rows for train, where mnli as published has 392702",
    "warning: 1 rows for dev, where mnli as published has 9815",
    "warning: 1 rows for test, where mnli as published has 9832",
  ]);
});

Deno.test("QQP: lines that are cut short or blank and pairs without a text are left out and counted, labels stay", async () => {
  const header = fields("id", "qid1", "qid2", "question1", "question2", "is_duplicate");
  const source = await readTask("qqp", {
    "train.tsv": [
      ...[header, fields("1", "2", "3", "a?", "b?", "0"), fields("4", "5", "6", "cut off"), ""],
      ...[fields("7", "8", "9", "c?", "", "1"), fields("9", "9", "9", "d?", "e?", "1")],
    ],
    "dev.tsv": [header, fields("1", "2", "3", "f?", "g?", "1")],
  });
  assert.deepEqual(textsAndClasses(source, source.rows), [["a?", "b?", "not_duplicate"], [
    "d?",
    "e?",
    "duplicate",
  ]]);
  assert.deepEqual(source.unlabelled, [
    { id: "train.tsv:3", reason: "no text" },
    { id: "train.tsv:4", reason: "no text" },
    { id: "train.tsv:5", reason: "no text" },
  ]);
});

Deno.test("QNLI, RTE and WNLI: labels by name or by Hugging Face's numbers", async () => {
  const qnli = await readTask("qnli", {
    "train.tsv": [
      "index\tquestion\tsentence\tlabel",
      "0\tq1?\ts1.\tentailment",
      "1\tq2?\ts2.\tnot_entailment",
    ],
    "dev.tsv": ["index\tquestion\tsentence\tlabel", "0\tq3?\ts3.\tnot_entailment"],
  });
  assert.deepEqual(textsAndClasses(qnli, qnli.rows), [["q1?", "s1.", "entailment"], [
    "q2?",
    "s2.",
    "not_entailment",
  ]]);
  const pairs = (...rows: readonly string[]) => ["index\tsentence1\tsentence2\tlabel", ...rows];
  const rte = await readTask("rte", {
    "RTE/train.tsv": pairs("0\ta\tb\tentailment", "1\tc\td\tnot_entailment"),
    "RTE/dev.tsv": pairs("0\te\tf\t0", "1\tg\th\t1"),
  });
  assert.deepEqual(textsAndClasses(rte, rte.rows), [["a", "b", "entailment"], ["c", "d", "not_entailment"]]);
  assert.deepEqual(textsAndClasses(rte, rte.given?.dev2), [["g", "h", "not_entailment"]]);
  const wnli = await readTask("wnli", { "train.tsv": pairs("0\ta\tb\t1"), "dev.tsv": pairs("0\tc\td\t0") });
  assert.deepEqual(textsAndClasses(wnli, wnli.rows), [["a", "b", "entailment"]]);
});

Deno.test("MRPC: GLUE's files or Microsoft's, with words and their marks joined again", async () => {
  const header = "\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String";
  const row = '1\t1\t2\tHe didn \'t go .\tHe said " no " .';
  const glue = await readTask("mrpc", { "train.tsv": [header, row], "dev.tsv": [header, row] });
  assert.deepEqual(textsAndClasses(glue, glue.rows), [["He didn't go.", 'He said " no ".', "equivalent"]]);
  const microsoft = await readTask("mrpc", {
    "msr_paraphrase_train.txt": [header, row],
    "msr_paraphrase_test.txt": [header, row.replace("1", "0")],
  });
  assert.equal(microsoft.given, undefined);
  assert.deepEqual(textsAndClasses(microsoft, microsoft.test)[0].at(-1), "not_equivalent");
});

const fixtures = fileURLToPath(new URL("../../fixtures/glue", import.meta.url));

Deno.test("Parquet files as on the hub, with numbers as labels, give the same classes as the official files", async () => {
  const mnli = await readIn(fixtures, { task: "mnli" });
  assert.deepEqual(mnli.classes, ["contradiction", "neutral", "entailment"]);
  assert.deepEqual(textsAndClasses(mnli, mnli.rows), [
    ["The cat sat on the mat.", "A cat was sitting.", "entailment"],
    ["The shop opens at nine.", "The shop sells tea.", "neutral"],
    ["Nobody came to the party.", "The party was crowded.", "contradiction"],
  ]);
  assert.equal(mnli.given?.dev1.length, 1);
  assert.equal(mnli.given?.dev2.length, 2);
  assert.deepEqual(textsAndClasses(mnli, mnli.test), [[
    "The soup is hot.",
    "The soup is cold.",
    "contradiction",
  ]]);
  assert.equal(
    mnli.notes?.[0],
    "GLUE's mnli from mnli/train-00000-of-00001.parquet; mnli/validation_matched-00000-of-00001.parquet in halves " +
      "as dev1 and dev2; mnli/validation_mismatched-00000-of-00001.parquet as test",
  );
  const qqp = await readIn(join(fixtures, "qqp"), { task: "qqp" });
  assert.deepEqual(qqp.rows.map(({ label }) => qqp.classes[label]), ["duplicate", "not_duplicate"]);
  assert.deepEqual(qqp.unlabelled, [{ id: "train-00000-of-00001.parquet:2", reason: "no text" }]);
});

Deno.test("files with other names are told, and those that aren't there named", async () => {
  const read = (options: Record<string, unknown>) => (folder: string) => readIn(folder, options);
  assert.match(
    await messageFor({ "train.tsv": "sentence\tlabel\n" }, read({ task: "cola" })),
    /found none of the sets of files that GLUE's cola comes in, expected all of train\.tsv, dev\.tsv; or all of train-0/,
  );
  assert.match(
    await messageFor(
      { "a.tsv": "sentence\tlabel\nfine\t2\n" },
      read({ task: "sst2", files: { train: ["a.tsv"] } }),
    ),
    /^a\.tsv:2:6: found the label "2" in 1 row, expected one of "negative", "positive"\n/,
  );
});

const glue = shared("data/glue");

Deno.test({
  name: "the real files: rows by class as their sources say, and the sizes that are published",
  ignore: !glue,
  fn: async () => {
    const read = (options: Record<string, unknown>) => readIn(glue!, options);
    const count = ({ classes }: HeldSource, rows: HeldSource["rows"]) =>
      classes.map((_, label) => rows.filter((row) => row.label === label).length);
    const parts = [["mrpc", [1194, 2474], 408], ["rte", [1249, 1241], 277], [
      "cola",
      [2528, 6023],
      1043,
    ]] as const;
    for (const [task, perClass, dev] of parts) {
      const source = await read({ task });
      assert.deepEqual(count(source, source.rows), perClass, task);
      assert.equal(source.given!.dev1.length + source.given!.dev2.length, dev, task);
      assert.equal(source.notes?.length, 1, task);
    }
    const both = (folder: string) => ({
      train: [`${folder}/train.tsv`, `${folder}/train_heldout.tsv`],
      dev: [`${folder}/dev.tsv`],
    });
    const sst2 = await read({ task: "sst2", files: both("SST-2") });
    assert.deepEqual([count(sst2, sst2.rows), sst2.notes?.length], [[29_780, 37_569], 1]);
    const wnli = await read({ task: "wnli", files: both("WNLI") });
    assert.deepEqual([count(wnli, wnli.rows), wnli.notes?.length], [[323, 312], 1]);
    const few = await read({ task: "wnli" });
    assert.equal(few.notes?.[1], "warning: 565 rows for train, where wnli as published has 635");
    const qnli = await read({ task: "qnli", files: { train: ["QNLI/dev.tsv"] } });
    assert.deepEqual(count(qnli, qnli.rows), [2702, 2761]);
  },
});
