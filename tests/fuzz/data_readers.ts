/** Reads labelled texts and what stages wrote of them. */

import { join } from "node:path";
import { z } from "zod";
import { readDataset } from "../../src/data/dataset.ts";
import { readMovieReviews } from "../../src/data/movie_reviews.ts";
import { readOutOfScope } from "../../src/data/out_of_scope.ts";
import { readRatedSnippets } from "../../src/data/rated_snippets.ts";
import { readNoiseRows, readRows } from "../../src/data/rows.ts";
import { labelledTextsSchemas } from "../../src/data/sources/kinds.ts";
import { readParsed } from "../data/sources/reading.ts";
import { fixture } from "../fixtures.ts";
import { jsonOf, type Reader, texts } from "./reader.ts";

const rows =
  '{"id":"a","text":"a text","pair":"another","label":1,"votes":0.5}\n{"id":"b","text":"é","label":0}\n';

/** What is read of a source of each kind, by the contents of a file and the rest of its description. */
const sources: readonly (readonly [string, readonly Uint8Array[], Readonly<Record<string, unknown>>])[] = [
  [
    "tsv",
    texts('sentence\tother\tlabel\tid\na text\tanother\t0\tr1\nsome "quotes"\té\t1\tr2\n'),
    { columns: { text: "sentence", pair: "other", label: "label", id: "id" }, classes: [0, 1] },
  ],
  [
    "csv",
    texts('text,label,v0,v1\n"a, ""text""\r\nof two lines",x,1,3\nanother,y,0.5,0.5\n'),
    { columns: { text: "text", label: "label", votes: { x: "v0", y: "v1" } }, noLabel: ["-"] },
  ],
  [
    "jsonl",
    texts('{"t": {"a": "one"}, "y": "n", "v": ["n", "p"]}\n{"t": {"a": "two"}, "y": "p", "v": ["p"]}\n'),
    { columns: { text: "t.a", label: "y", votes: "v" }, cleanup: ["unescape-html", "reattach"] },
  ],
  ["json", jsonOf({ train: [["one", "x"], ["two", "y"]] }), {
    files: { train: ["rows#train"] },
    columns: { text: 0, label: 1 },
  }],
  ["lines", texts("DESC:manner How ?\nHUM:ind Who ?\n"), { labelUpTo: ":", encoding: "utf-8" }],
  [
    "parquet",
    ["snappy", "gzip", "plain", "delta"].map((way) => Deno.readFileSync(fixture(`parquet/${way}.parquet`))),
    {
      columns: { text: "text", pair: "example.premise", label: "name", votes: "votes" },
    },
  ],
  ["parquet", [Deno.readFileSync(fixture("parquet/class-label.parquet"))], {
    columns: { text: "text", label: "label" },
  }],
];

const sourceReaders = sources.map(([kind, corpus, described], number): Reader => {
  const options = z.discriminatedUnion("kind", labelledTextsSchemas).parse({
    kind,
    files: { train: ["rows"] },
    ...described,
  });
  return {
    name: `readLabelledTexts: ${kind}, source ${number}`,
    corpus,
    file: "rows",
    read: (folder) => readParsed(folder, options),
  };
});

export const dataReaders: readonly Reader[] = [
  ...sourceReaders,
  { name: "readRows", corpus: texts(rows), file: "rows", read: (folder) => readRows(join(folder, "rows")) },
  {
    name: "readNoiseRows",
    corpus: texts('{"id":"a","text":"a text"}\n{"id":"b","text":"é","pair":"x"}\n'),
    file: "train.jsonl",
    read: (folder) => Array.fromAsync(readNoiseRows(new Map([["", folder]]), "train")),
  },
  {
    name: "readMovieReviews",
    corpus: texts("r1\t1.5\t2.0\t[1, 2]\r\nr2\t-1\t0\t[-1, -1, 0]\r\n"),
    file: "movieReviewSnippets_anonDataRatings.txt",
    others: { "movieReviewSnippets_GroundTruth.txt": "r1\t1.5\ta text\r\nr2\t-1\tanother\r\n" },
    read: readMovieReviews,
  },
  {
    name: "readRatedSnippets",
    corpus: texts("r1\t1.5\ta text &amp;amp; more\r\nr2\t-1\tanother\r\n"),
    file: "tweets_GroundTruth.txt",
    others: { "tweets_anonDataRatings.txt": "r1\t1.5\t2.0\t[1, 2]\r\nr2\t-1\t0\t[-1, -1, 0]\r\n" },
    read: (folder) => readRatedSnippets(folder, "tweets"),
  },
  {
    name: "readRatedSnippets with other ratings",
    corpus: texts("r1\t1.5\t2.0\t[1, 2]\r\nr2\t-1\t0\t[-1, -1, 0]\r\n"),
    file: "tweets_anonDataRatings.txt",
    others: { "tweets_GroundTruth.txt": "r1\t1.5\ta text\r\nr2\t-1\tanother\r\n" },
    read: (folder) => readRatedSnippets(folder, "tweets"),
  },
  {
    name: "readOutOfScope",
    corpus: jsonOf({ oos_test: [["a text", "oos"], ["another", "oos"]], train: [] }),
    file: "data_full.json",
    read: (folder) => readOutOfScope(join(folder, "data_full.json")),
  },
  {
    name: "readDataset",
    corpus: jsonOf({
      classes: ["a", "b"],
      pairs: false,
      splits: Object.fromEntries(
        ["train", "tune", "dev1", "dev2"].map((split) => [split, { rows: 2, perClass: [1, 1] }]),
      ),
      duplicates: { groups: 0, rows: 0, droppedFromTrain: 0 },
    }),
    file: "dataset.json",
    read: readDataset,
  },
];
