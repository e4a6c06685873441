import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { readLines } from "../lines.ts";

const countsSchema = z.strictObject({
  rows: z.int().min(0),
  perClass: z.array(z.int().min(0)).describe(
    "The number of rows of each class, in the order of the classes.",
  ),
});

/** The figures by which results on a data set may usually be reported. */
export const metricSchema = z.enum(["accuracy", "mcc"]);

const datasetSchema = z.strictObject({
  classes: z.array(z.string().min(1)).min(2),
  areClassesInferred: z.literal(true).optional().describe(
    "Present where no classes were named, so that they are the labels that occur: in numerical order, or by code " +
      "points.",
  ),
  pairs: z.boolean().describe("Whether each row holds two texts."),
  metric: metricSchema.optional().describe(
    "Present where results on this data set are usually reported by one figure.",
  ),
  splits: z.strictObject({
    train: countsSchema,
    tune: countsSchema,
    dev1: countsSchema,
    dev2: countsSchema,
    test: countsSchema.exactOptional().describe("Present where the source has a test set, in `test.jsonl`."),
  }),
  unlabelled: z.int().positive().optional().describe(
    "The number of rows that were dropped because they have no label, or no text.",
  ),
  duplicates: z.strictObject({
    groups: z.int().min(0).describe(
      "The number of groups of two or more texts that are the same or nearly so.",
    ),
    rows: z.int().min(0).describe("The number of rows in these groups, before any was dropped."),
    droppedFromTrain: z.int().min(0).describe(
      "The number of rows of the training files that were dropped for resembling one of the dev or test files.",
    ),
    droppedFromDev: z.int().positive().optional().describe(
      "The number of rows of the dev files that were dropped for resembling one of later splits or of the test files.",
    ),
  }),
});

/** The description of a prepared data set, which is written to `dataset.json` beside its splits. */
export type Dataset = z.output<typeof datasetSchema>;

/**
 * Reads `dataset.json` of a prepared data set.
 *
 * @throws {InputError} where it is missing or is something else
 */
export async function readDataset(folder: string): Promise<Dataset> {
  const file = join(folder, "dataset.json");
  const text = (await readLines(file)).join("\n");
  try {
    return datasetSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new InputError({
      at: { file },
      found: "something else",
      expected: "the description that prepare-data writes",
      fix: "Run prepare-data again with --force.",
    }, { cause });
  }
}

/** Writes `dataset.json` of a prepared data set. */
export async function writeDataset(folder: string, dataset: Dataset): Promise<void> {
  await writeFile(join(folder, "dataset.json"), `${JSON.stringify(dataset, null, 2)}\n`);
}
