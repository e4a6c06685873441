import { z } from "zod";
import { type Dataset, writeDataset } from "../src/data/dataset.ts";
import { writeDropped } from "../src/data/dropped.ts";
import { movieReviewsSchema, readMovieReviews } from "../src/data/movie_reviews.ts";
import { fractionsSchema, maxRowsSchema, partition } from "../src/data/partition.ts";
import { forEachSplit, splitNames, writeSplits } from "../src/data/splits.ts";
import { readTsv, tsvSchema } from "../src/data/tsv.ts";
import { countClasses, dataWarnings } from "../src/data/warnings.ts";
import { defineStage } from "../src/pipeline/stage.ts";

const parameters = z.strictObject({
  source: z.discriminatedUnion("kind", [movieReviewsSchema, tsvSchema]).describe(
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
  inputs: { source: { description: "the folder with the source's files" } },
  outputs: {
    "train.jsonl": "rows to train on",
    "tune.jsonl": "rows to choose hyperparameters on",
    "dev1.jsonl": "rows to fit calibrators on",
    "dev2.jsonl": "rows to report on",
    "dataset.json": "the classes, and how many rows of each are in each split",
    "dropped.jsonl": "ids of the rows that are in no split, each with the reason",
  },
  async run({ parameters, input, output, log, summary, progress }) {
    const { source: options, nearDuplicates } = parameters;
    const source = options.kind === "tsv"
      ? await readTsv(input("source"), options)
      : await readMovieReviews(input("source"));
    const read = source.rows.length + (source.dev?.length ?? 0);
    log(`${read} rows read`);
    const split = partition(source, {
      ...parameters,
      duplicates: {
        near: nearDuplicates,
        onProgress: (done, total) => progress(done, total, "near duplicates"),
      },
    });
    const { splits, duplicates } = split;
    const dataset: Dataset = {
      classes: [...source.classes],
      pairs: source.pairs,
      splits: forEachSplit((name) => ({
        rows: splits[name].length,
        perClass: countClasses(splits[name], source.classes),
      })),
      duplicates,
    };
    await writeSplits(output, splits);
    await writeDataset(output, dataset);
    await writeDropped(output, split.dropped);
    const counts = splitNames.map((name) => `${name} ${dataset.splits[name].rows}`).join(", ");
    const { groups, rows, droppedFromTrain } = duplicates;
    summary(
      `${counts} rows; ${rows} near duplicates in ${groups} groups, ${droppedFromTrain} dropped from train`,
    );
    if (nearDuplicates && !split.isExact) {
      summary("near duplicates were searched by hashing, which finds more than 99 % of them");
    }
    for (const warning of dataWarnings(source, split)) summary(warning);
  },
});
