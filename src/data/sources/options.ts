import { isAbsolute, normalize } from "node:path";
import { z } from "zod";
import { type CleanupStep, cleanupSteps } from "../cleanup.ts";

const fileSchema = z.string().min(1).refine(
  (path) => !isAbsolute(path) && !normalize(path).startsWith(".."),
  {
    error: "a path inside the source's folder",
  },
);

const filesSchema = z.array(fileSchema);

/** The schema of the files of a source, by what they are for. */
const splitFilesSchema = z.strictObject({
  train: filesSchema.nonempty().describe(
    "Files with rows to train on. Without others but `test`, all splits are taken from them.",
  ),
  dev: filesSchema.default([]).describe("Files that tune, dev1 and dev2 are taken from."),
  tune: filesSchema.default([]).describe("Files that are the split tune; dev1 and dev2 have theirs then."),
  dev1: filesSchema.default([]).describe("Files that are the split dev1."),
  dev2: filesSchema.default([]).describe("Files that are the split dev2."),
  test: filesSchema.default([]).describe("Files that are kept as they are, as the split test."),
}).refine(({ dev, tune, dev1, dev2 }) => {
  const given = [tune, dev1, dev2].filter((files) => files.length > 0).length;
  return given === 0 || (given === 3 && dev.length === 0);
}, { error: "files for all of tune, dev1 and dev2 and none for dev, or none for the three" })
  .describe("The paths of the files, relative to the source's folder.");

const label = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** The schema of the classes of a source. */
export const classesSchema = z.array(label.pipe(z.string().min(1))).min(2).max(1000)
  .refine((classes) => new Set(classes).size === classes.length, { error: "classes that differ" })
  .optional()
  .describe(
    "The labels as the files spell them, in the order of the logits. Without them, the labels that occur are " +
      "the classes: in numerical order where all are numbers, or else by code points.",
  );

/** What all kinds of sources of labelled texts have. */
export const commonFields = {
  files: splitFilesSchema,
  classes: classesSchema,
  noLabel: z.array(label).default([]).describe(
    'Labels that mean that a row has none, such as "-" in SNLI. Such rows are dropped and counted.',
  ),
  cleanup: z.array(z.enum(cleanupSteps)).default([]).describe(
    "What is done to texts, in the order given. `unescape-html` resolves `&amp;` and its like; `reattach` joins " +
      "detached punctuation and clitics to their words again, as MRPC needs; `collapse-whitespace` makes one " +
      "space of line breaks, tabs and spaces in a row.",
  ),
} as const;

/** What sources of text files have besides. */
export const textFields = {
  encoding: z.string().default("utf-8").refine(isEncoding, {
    error: "the name of an encoding, such as utf-8, latin1, cp1252 or utf-16le",
  }).describe(
    "The encoding of the files, by a name of the WHATWG's Encoding Standard, in which latin1 is Windows-1252.",
  ),
} as const;

const columnSchema = z.union([z.string().min(1), z.int().min(0)]);

/** The schema of the columns of a source. */
export const columnsSchema = z.strictObject({
  text: columnSchema.describe("The column of the text, or of the first text of a pair."),
  pair: columnSchema.optional().describe("The column of the second text of a pair."),
  label: columnSchema.optional().describe(
    "The column of the label, which must be one of `classes` where they are given. Without it, the label is the " +
      "one with the most votes, and rows with two such are dropped.",
  ),
  id: columnSchema.optional().describe(
    "The column of the row's name. Without it, a row's name is `<file>:<line>`.",
  ),
  votes: z.union([columnSchema, z.array(columnSchema).min(2), z.record(z.string(), columnSchema)]).optional()
    .describe(
      "What several people chose: a column with a list of labels, a list of columns with a label each, or each " +
        "class with the column of its count or probability.",
    ),
}).refine(({ label, votes }) => label !== undefined || votes !== undefined, {
  error: "a column of the label, or of votes",
}).describe("The columns, each by its name or by its number, counted from 0.");

/** The columns of a source. */
export type Columns = z.output<typeof columnsSchema>;

/** The parameters that all kinds of sources share, whatever their files look like. */
export interface SourceOptions {
  readonly files: z.output<typeof splitFilesSchema>;
  readonly classes?: readonly string[] | undefined;
  readonly noLabel: readonly string[];
  readonly cleanup: readonly CleanupStep[];
  readonly columns: Columns;
  /** Other spellings of labels, such as numbers, with the class that each means. */
  readonly spellings?: ReadonlyMap<string, string>;
  /** Whether records without a text are left out and counted, and are no mistake. */
  readonly skipsTextless?: boolean;
}

/** Lists all columns that are named or numbered. */
export function allColumns({ text, pair, label, id, votes }: Columns): (string | number)[] {
  const ofVotes = typeof votes === "object" ? Object.values(votes) : [votes];
  return [text, pair, label, id, ...ofVotes].filter((column) => column !== undefined);
}

function isEncoding(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}
