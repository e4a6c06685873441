import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readDataset } from "../../src/data/dataset.ts";
import { readRows } from "../../src/data/rows.ts";
import { readSplits, splitNames } from "../../src/data/splits.ts";
import stage from "../../stages/prepare-data.ts";
import { randomStream } from "../../src/random.ts";
import { withFiles } from "../data/files.ts";
import { shared } from "../shared.ts";
import { runStage } from "./run_stage.ts";

/** Runs the stage on a folder, and returns the lines of its summary. */
function prepare(source: string, output: string, parameters: unknown): Promise<string[]> {
  return runStage(stage, { parameters, inputs: { source }, output });
}

const reviews = fileURLToPath(new URL("../../artifacts/setup/hutto-icwsm-2014", import.meta.url));
const withoutReviews = !existsSync(reviews);
if (withoutReviews) console.warn(`skipped, not found: ${reviews} (run the set-up first)`);
const movieReviews = { source: { kind: "movie-reviews" } };

Deno.test({
  name: "the real reviews: every row in one split, 3,000 or more to calibrate and report on",
  ignore: withoutReviews,
  fn: () =>
    withFiles({}, async (folder) => {
      const lines = await prepare(reviews, folder, movieReviews);
      assert.deepEqual(lines, [
        "train 6534, tune 587, dev1 1731, dev2 1753 rows; 6 near duplicates in 3 groups, 0 dropped from train",
      ]);
      const splits = await readSplits(folder);
      const ids = splitNames.flatMap((name) => splits[name].map(({ id }) => id));
      assert.equal(new Set(ids).size, 10605);
      assert.ok(splits.dev1.length + splits.dev2.length >= 3000);
      // Splits never move: a change of these ids makes every published number incomparable.
      assert.deepEqual(splits.dev2.slice(0, 3).map(({ id }) => id), ["2310", "4343", "6637"]);

      const dataset = await readDataset(folder);
      assert.deepEqual(Object.keys(dataset.splits), [...splitNames]);
      for (const name of splitNames) {
        const positive = splits[name].filter(({ label }) => label === 1).length;
        const rows = splits[name].length;
        assert.deepEqual(dataset.splits[name], { rows, perClass: [rows - positive, positive] });
      }
    }),
});

Deno.test({
  name: "two runs write the same bytes, and a limit takes the first rows",
  ignore: withoutReviews,
  fn: () =>
    withFiles({}, async (folder) => {
      const runs = [movieReviews, movieReviews, { ...movieReviews, maxRows: { train: 100 } }];
      const texts: string[][] = [];
      for (const [run, parameters] of runs.entries()) {
        const output = join(folder, `${run}`);
        await Deno.mkdir(output);
        await prepare(reviews, output, parameters);
        texts.push(Object.keys(stage.outputs).map((name) => Deno.readTextFileSync(join(output, name))));
      }
      assert.deepEqual(texts[1], texts[0]);
      const [[train, tune, dev1, dev2], , [few, ...others]] = texts;
      assert.equal(few, train.split("\n").slice(0, 100).join("\n") + "\n");
      assert.deepEqual(others.slice(0, 3), [tune, dev1, dev2]);
    }),
});

const mrpc = shared("data/glue/MRPC");

Deno.test({
  name: "the real MRPC: its dev file is divided, and nothing that resembles it is trained on",
  ignore: !mrpc,
  fn: () =>
    withFiles({}, async (folder) => {
      await prepare(mrpc!, folder, {
        source: {
          kind: "tsv",
          files: { train: ["train.tsv"], dev: ["dev.tsv"] },
          columns: { text: "#1 String", pair: "#2 String", label: "Quality" },
          classes: [0, 1],
          cleanup: ["reattach"],
        },
      });
      const { train, ...dev } = await readSplits(folder);
      const { pairs, duplicates } = await readDataset(folder);
      assert.equal(pairs, true);
      assert.equal(train.length, 3668 - duplicates.droppedFromTrain);
      assert.ok(train.every(({ id }) => id.startsWith("train.tsv:")));
      assert.equal(Object.values(dev).flat().length, 408);
      const devWords = Object.values(dev).flat().map(wordsOf);
      for (const row of train) {
        const words = wordsOf(row);
        const closest = Math.max(...devWords.map((other) => similarity(words, other)));
        assert.ok(closest < 0.8, `${row.id}: ${closest}`);
      }
    }),
});

const cola = shared("data/glue/CoLA");

Deno.test({
  name: "the real CoLA as a task of GLUE: its dev halves are the splits, and MCC is what to report",
  ignore: !cola,
  fn: () =>
    withFiles({}, async (folder) => {
      const [counts, files, ...others] = await prepare(cola!, folder, {
        source: { kind: "glue", task: "cola" },
      });
      assert.equal(
        counts,
        "train 7424, tune 779, dev1 519, dev2 522 rows; 3289 near duplicates in 1300 groups, 348 dropped from train, " +
          "2 from dev",
      );
      assert.equal(
        files,
        "GLUE's cola from in_domain_train.tsv; in_domain_dev.tsv and out_of_domain_dev.tsv in halves as dev1 and dev2",
      );
      assert.deepEqual(others.filter((line) => line.includes("as published")), []);
      const { classes, metric } = await readDataset(folder);
      assert.deepEqual([classes, metric], [["unacceptable", "acceptable"], "mcc"]);
    }),
});

const ownData = {
  source: {
    kind: "tsv",
    files: { train: ["train.tsv"], dev: ["dev.tsv"] },
    columns: { text: "text", label: "label" },
    classes: ["bad", "good"],
  },
};

/** Returns a table of 100 rows of which no two resemble each other. */
const tableOf = (name: string, others: readonly string[]) => {
  const words = (index: number) => ["one", "two", "three"].map((word) => `${word}${index}${name}`).join(" ");
  const rows = Array.from({ length: 100 }, (_, index) => `${words(index)}\t${index % 2 ? "good" : "bad"}`);
  return ["text\tlabel", ...rows, ...others, ""].join("\n");
};

Deno.test("what may be a mistake is warned about in the summary, and what is dropped is listed", async () => {
  const files = {
    "train.tsv": tableOf("train", ["a nul \0 byte here\tgood", "one1dev two1dev three1dev\tbad"]),
    "dev.tsv": tableOf("dev", []),
  };
  await withFiles(files, async (folder) => {
    const [counts, ...warnings] = await prepare(folder, folder, ownData);
    assert.match(counts, /^train 101, .* rows; 2 near duplicates in 1 groups, 1 dropped from train$/);
    assert.deepEqual(warnings, [
      "warning: 1 text has several labels, in 2 rows; " +
      'for example "one1dev two1dev three1dev": "bad" at "train.tsv:103", "good" at "dev.tsv:3"',
      "warning: 1 row has a text with control or replacement characters; " +
      'for example "a nul \\u0000 byte here" at "train.tsv:102"',
    ]);
    const dropped = await Deno.readTextFile(join(folder, "dropped.jsonl"));
    const reason = "same words as a row of the dev files";
    assert.deepEqual(JSON.parse(dropped), { id: "train.tsv:103", reason, of: "dev.tsv:3", similarity: 1 });
  });
});

Deno.test("near duplicates may stay, where that is asked for", async () => {
  const near = "one two three four five six seven eight nine";
  const files = {
    "train.tsv": tableOf("train", [`${near}\tgood`]),
    "dev.tsv": tableOf("dev", [`${near} ten\tbad`]),
  };
  await withFiles(files, async (folder) => {
    const [grouped] = await prepare(folder, folder, ownData);
    assert.match(grouped, /^train 100, .*; 2 near duplicates in 1 groups, 1 dropped from train$/);
    const [kept] = await prepare(folder, folder, { ...ownData, nearDuplicates: false });
    assert.match(kept, /^train 101, .*; 0 near duplicates in 0 groups, 0 dropped from train$/);
  });
});

Deno.test("a source may be a single file", async () => {
  await withFiles({ "train.tsv": tableOf("train", []) }, async (folder) => {
    const files = { train: ["train.tsv"] };
    const source = { ...ownData.source, files };
    const [counts] = await prepare(join(folder, "train.tsv"), folder, { ...ownData, source });
    assert.match(counts, /^train \d+, tune \d+, dev1 \d+, dev2 \d+ rows; 0 near duplicates/);
  });
});

const questions = (count: number, name: string) =>
  Array.from({ length: count }, (_, at) => ({
    text: `${name}${at} is asked ${at} times in ${name}`,
    label: ["who", "-", "where", "when"][at % 4],
  })).map((row) => `${JSON.stringify(row)}\n`).join("");

Deno.test("what was inferred and left out is said and written down, and a test set is a file of its own", async () => {
  const files = { "train.jsonl": questions(200, "train"), "test.jsonl": questions(40, "test") };
  await withFiles(files, async (folder) => {
    const output = join(folder, "output");
    await Deno.mkdir(output);
    const lines = await prepare(folder, output, {
      source: {
        kind: "jsonl",
        files: { train: ["train.jsonl"], test: ["test.jsonl"] },
        columns: { text: "text", label: "label" },
        noLabel: ["-"],
      },
      maxRows: { test: 20 },
      nearDuplicates: false,
    });
    assert.match(
      lines[0],
      /^train \d+, tune \d+, dev1 \d+, dev2 \d+, test 20 rows; 0 near duplicates in 0 groups/,
    );
    assert.deepEqual(lines.slice(1), [
      '3 classes inferred: "when", "where", "who"',
      '60 rows without a label dropped, labelled "-"',
    ]);
    const { classes, areClassesInferred, splits, unlabelled } = await readDataset(output);
    assert.deepEqual({ classes, areClassesInferred, unlabelled }, {
      classes: ["when", "where", "who"],
      areClassesInferred: true,
      unlabelled: 60,
    });
    const test = await readRows(join(output, "test.jsonl"));
    assert.equal(test.length, 20);
    assert.deepEqual(
      splits.test?.perClass,
      [0, 1, 2].map((label) => test.filter((row) => row.label === label).length),
    );
    const dropped = (await Deno.readTextFile(join(output, "dropped.jsonl"))).trim().split("\n");
    assert.deepEqual(JSON.parse(dropped[0]), { id: "train.jsonl:2", reason: "no label", label: "-" });
    assert.equal(dropped.filter((line) => JSON.parse(line).reason === "maxRows").length, 10);
  });
});

/** Tables with texts that occur again as they were, or with a word more, some without a label, and with votes. */
const manyTables = () => {
  const random = randomStream(1, "prepare-data");
  const word = () => `w${Math.floor(3000 * random.next() ** 2)}`;
  const texts = Array.from(
    { length: 1200 },
    () => Array.from({ length: 4 + random.integer(9) }, word).join(" "),
  );
  const table = (name: string, rows: number) =>
    Array.from({ length: rows }, (_, at) => {
      const text = `${texts[random.integer(1200)]}${random.next() < 0.2 ? ` ${word()}` : ""}`;
      const label = ["no", "yes", "maybe", "-"][random.integer(4)];
      return JSON.stringify({
        id: `${name} ${at}`,
        a: text,
        b: `${word()} é`,
        label,
        votes: [random.integer(9), 1, 2],
      });
    }).join("\n");
  return {
    "train.jsonl": table("train", 1500),
    "dev.jsonl": table("dev", 600),
    "test.jsonl": table("test", 200),
  };
};

Deno.test("the outputs are the bytes that they were when all rows were held in memory", async () => {
  await withFiles(manyTables(), async (folder) => {
    const output = join(folder, "output");
    await Deno.mkdir(output);
    const lines = await prepare(folder, output, {
      source: {
        kind: "jsonl",
        files: { train: ["train.jsonl"], dev: ["dev.jsonl"], test: ["test.jsonl"] },
        columns: {
          id: "id",
          text: "a",
          pair: "b",
          label: "label",
          votes: { no: "votes.0", yes: "votes.1", maybe: "votes.2" },
        },
        noLabel: ["-"],
      },
      maxRows: { train: 500, test: 100 },
    });
    const digests = Object.keys(stage.outputs).map((
      name,
    ) => [name, hash("sha256", Deno.readFileSync(join(output, name))).slice(0, 16)]);
    assert.deepEqual(Object.fromEntries(digests), {
      "train.jsonl": "48289687359f0c5a",
      "tune.jsonl": "fca63248b0501839",
      "dev1.jsonl": "f90b287294c76e55",
      "dev2.jsonl": "12a2d67dc3591ac6",
      "test.jsonl": "320c455d7b82e2da",
      "dataset.json": "2557bb0e36941e0a",
      "dropped.jsonl": "eb958a16b0b998f9",
    });
    assert.deepEqual(lines, [
      "train 500, tune 76, dev1 168, dev2 182, test 100 rows; 639 near duplicates in 261 groups, 194 dropped from " +
      "train, 17 from dev",
      '3 classes inferred: "maybe", "no", "yes"',
      '586 rows without a label dropped, labelled "-"',
    ]);
  });
});

/** Runs the stage in a process whose heap may grow to so many megabytes, and returns how it ended. */
async function prepareWithin(megabytes: number, source: string, output: string, parameters: unknown) {
  const module = (path: string) => new URL(path, import.meta.url).href;
  const run = { parameters, inputs: { source }, output, timesFaster: 1 };
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", `--v8-flags=--max-old-space-size=${megabytes}`],
      ...["--allow-read", "--allow-write", "--allow-env", module("attempt.ts")],
      ...[module("../../stages/prepare-data.ts"), JSON.stringify(run)],
    ],
  }).output();
  return { success, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("texts that wouldn't fit in memory are split", () =>
  withFiles({}, async (folder) => {
    const [source, output] = ["source", "output"].map((name) => join(folder, name));
    for (const path of [source, output]) await Deno.mkdir(path);
    const random = randomStream(1, "large");
    const words = Array.from({ length: 1000 }, () => random.integer(2 ** 32).toString(36));
    const text = () => Array.from({ length: 60 }, () => words[random.integer(1000)]).join(" ");
    const rows = function* () {
      yield "id\ttext\tlabel\n";
      for (let row = 0; row < 100_000; row++) yield `${row}\t${text()}\t${row % 3}\n`;
    };
    await writeFile(join(source, "large.tsv"), rows()); // 50 MB
    const { success, stderr } = await prepareWithin(50, source, output, {
      source: {
        kind: "tsv",
        files: { train: ["large.tsv"] },
        columns: { id: "id", text: "text", label: "label" },
      },
      nearDuplicates: false,
    });
    assert.ok(success, stderr);
    const { splits } = await readDataset(output);
    assert.equal(splitNames.reduce((sum, name) => sum + splits[name].rows, 0), 100_000);
  }));

function wordsOf({ text, pair }: { text: string; pair?: string | undefined }): Set<string> {
  return new Set(`${text} ${pair}`.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu));
}

function similarity(a: Set<string>, b: Set<string>): number {
  const common = a.intersection(b).size;
  return common / (a.size + b.size - common);
}
