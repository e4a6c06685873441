import { join } from "node:path";
import { z } from "zod";
import { writeDataset } from "../src/data/dataset.ts";
import { writeDropped } from "../src/data/dropped.ts";
import { FileParts } from "../src/data/file_parts.ts";
import { movieReviewsSchema, readMovieReviews } from "../src/data/movie_reviews.ts";
import { fractionsSchema, maxRowsSchema, partition } from "../src/data/partition.ts";
import { forEachSplit, writeSplits, writeTest } from "../src/data/splits.ts";
import { glueSchema, readGlue } from "../src/data/sources/glue.ts";
import { labelledTextsSchemas, readLabelledTexts } from "../src/data/sources/kinds.ts";
import type { ReadRow } from "../src/data/sources/row_reader.ts";
import { describeSplit } from "../src/data/split_summary.ts";
import { StoredList } from "../src/data/stored_list.ts";
import { dataWarnings } from "../src/data/warnings.ts";
import { defineStage } from "../src/pipeline/stage.ts";

const parameters = z.strictObject({
  source: z.discriminatedUnion("kind", [movieReviewsSchema, glueSchema, ...labelledTextsSchemas]).describe(
    "The kind of source, and how its files are read.",
  ),
  seed: z.int().default(1).describe("The seed of the hash that decides which split a text belongs to."),
  fractions: fractionsSchema.prefault({}),
  maxRows: maxRowsSchema.default({}),
  nearDuplicates: z.boolean().default(true).describe(
    "Whether texts of nearly the same words are kept in one split, as those of the same words always are.",
  ),
});

export default defineStage({
  description: "Reads labelled texts, groups near duplicates and splits them by a hash of their text",
  parameters,
  inputs: { source: { description: "the folder with the source's files, or its only file" } },
  outputs: {
    "train.jsonl": "rows to train on",
    "tune.jsonl": "rows to choose hyperparameters on",
    "dev1.jsonl": "rows to fit calibrators on",
    "dev2.jsonl": "rows to report on",
    "test.jsonl": "rows of the source's own test set, or none where it has none",
    "dataset.json": "the classes, and how many rows of each are in each split",
    "dropped.jsonl": "ids of the rows that are in no split, each with the reason",
  },
  async run({ parameters, input, output, scratch, log, summary, progress }) {
    const { source: options, nearDuplicates } = parameters;
    using store = new StoredList<ReadRow>(join(scratch, "rows.jsonl"));
    const source = options.kind === "movie-reviews"
      ? await readMovieReviews(input("source"))
      : options.kind === "glue"
      ? await readGlue(input("source"), options, store)
      : await readLabelledTexts(input("source"), options, store);
    log(`${new FileParts(source).rows.length} rows read`);
    const split = partition(source, {
      ...parameters,
      duplicates: {
        near: nearDuplicates,
        onProgress: (done, total) => progress(done, total, "near duplicates"),
      },
    });
    const { splits, test, perClass, duplicates } = split;
    const { classes, areClassesInferred, unlabelled, metric } = source;
    await writeSplits(output, splits);
    await writeTest(output, test ?? []);
    await writeDataset(output, {
      classes: [...classes],
      ...(areClassesInferred && { areClassesInferred }),
      pairs: source.pairs,
      ...(metric && { metric }),
      splits: {
        ...forEachSplit((name) => ({ rows: splits[name].length, perClass: [...perClass[name]] })),
        ...(test && { test: { rows: test.length, perClass: [...perClass.test] } }),
      },
      ...(unlabelled && { unlabelled: unlabelled.length }),
      duplicates,
    });
    await writeDropped(output, split.dropped);
    for (const line of describeSplit(source, split)) summary(line);
    if (nearDuplicates && !split.isExact) {
      summary("near duplicates were searched by hashing, which finds more than 99 % of them");
    }
    for (const warning of dataWarnings(source, split)) summary(warning);
  },
});
