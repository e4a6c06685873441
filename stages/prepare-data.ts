import { z } from "zod";
import { type Dataset, writeDataset } from "../src/data/dataset.ts";
import { movieReviewsSchema, readMovieReviews } from "../src/data/movie_reviews.ts";
import { fractionsSchema, maxRowsSchema, partition } from "../src/data/partition.ts";
import { forEachSplit, splitNames, writeSplits } from "../src/data/splits.ts";
import { readTsv, tsvSchema } from "../src/data/tsv.ts";
import { defineStage } from "../src/pipeline/stage.ts";

const parameters = z.strictObject({
  source: z.discriminatedUnion("kind", [movieReviewsSchema, tsvSchema]).describe(
    "The kind of source, and how its files are read.",
  ),
  seed: z.int().default(1).describe("The seed of the hash that decides which split a text belongs to."),
  fractions: fractionsSchema.prefault({}),
  maxRows: maxRowsSchema.default({}),
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
  },
  async run({ parameters, input, output, summary }) {
    const { source: options } = parameters;
    const source = options.kind === "tsv"
      ? await readTsv(input("source"), options)
      : await readMovieReviews(input("source"));
    const { splits, duplicates } = partition(source, parameters);
    const dataset: Dataset = {
      classes: [...source.classes],
      pairs: source.pairs,
      splits: forEachSplit((name) => ({
        rows: splits[name].length,
        perClass: source.classes.map((_, label) => splits[name].filter((row) => row.label === label).length),
      })),
      duplicates,
    };
    await writeSplits(output, splits);
    await writeDataset(output, dataset);
    const counts = splitNames.map((name) => `${name} ${dataset.splits[name].rows}`).join(", ");
    const { groups, rows, droppedFromTrain } = duplicates;
    summary(
      `${counts} rows; ${rows} near duplicates in ${groups} groups, ${droppedFromTrain} dropped from train`,
    );
  },
});
