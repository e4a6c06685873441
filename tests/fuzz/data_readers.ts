/** Reads labelled texts and what stages wrote of them. */

import { join } from "node:path";
import { readDataset } from "../../src/data/dataset.ts";
import { readMovieReviews } from "../../src/data/movie_reviews.ts";
import { readOutOfScope } from "../../src/data/out_of_scope.ts";
import { readNoiseRows, readRows } from "../../src/data/rows.ts";
import { readTsv, tsvSchema } from "../../src/data/tsv.ts";
import { jsonOf, type Reader, texts } from "./reader.ts";

const rows =
  '{"id":"a","text":"a text","pair":"another","label":1,"votes":0.5}\n{"id":"b","text":"é","label":0}\n';

const table = 'sentence\tother\tlabel\tid\na text\tanother\t0\tr1\nsome "quotes"\té\t1\tr2\n';
const tsvOptions = tsvSchema.parse({
  kind: "tsv",
  files: { train: ["rows.tsv"] },
  columns: { text: "sentence", pair: "other", label: "label", id: "id" },
  classes: ["0", "1"],
});

export const dataReaders: readonly Reader[] = [
  {
    name: "readTsv",
    corpus: texts(table),
    file: "rows.tsv",
    read: (folder) => readTsv(folder, tsvOptions),
  },
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
