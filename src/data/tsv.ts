import { isAbsolute, join, normalize } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { reattach } from "./reattach.ts";
import type { Row } from "./rows.ts";
import type { Source } from "./source.ts";
import { placeOf, readTable, type TableLine } from "./table.ts";

const fileSchema = z.string().min(1).refine(
  (path) => !isAbsolute(path) && !normalize(path).startsWith(".."),
  {
    error: "a path inside the source's folder",
  },
);

const columnSchema = z.union([z.string().min(1), z.int().min(0)]);

/** The schema of a source of tab-separated files: those of GLUE, or one's own. */
export const tsvSchema = z.strictObject({
  kind: z.literal("tsv"),
  files: z.strictObject({
    train: z.array(fileSchema).nonempty().describe(
      "Files with rows to train on. Without `dev`, all splits are taken from them.",
    ),
    dev: z.array(fileSchema).default([]).describe("Files that tune, dev1 and dev2 are taken from."),
  }).describe("The paths of the tables, relative to the source's folder."),
  header: z.boolean().default(true).describe("Whether a file's first line names its columns."),
  columns: z.strictObject({
    text: columnSchema.describe("The column of the text, or of the first text of a pair."),
    pair: columnSchema.optional().describe("The column of the second text of a pair."),
    label: columnSchema.describe("The column of the label, which must be one of `classes`."),
    id: columnSchema.optional().describe(
      "The column of the row's name. Without it, a row's name is `<file>:<line>`.",
    ),
  }).describe("The columns, each by its name in the header or by its number, counted from 0."),
  classes: z.array(z.union([z.string().min(1), z.number()])).min(2)
    .refine((classes) => new Set(classes.map(String)).size === classes.length, {
      error: "classes that differ",
    })
    .describe("The labels as the files spell them, in the order of the logits."),
  cleanup: z.enum(["none", "reattach"]).default("none").describe(
    "`reattach` joins detached punctuation and clitics to their words again, as MRPC needs.",
  ),
}).refine(
  ({ header, columns }) => header || Object.values(columns).every((column) => typeof column !== "string"),
  { error: "columns by number, as there is no header to name them", path: ["columns"] },
).describe("Tab-separated files without quoting, in UTF-8.");

/** The parameters of a source of tab-separated files. */
export type TsvOptions = z.output<typeof tsvSchema>;

/**
 * Reads labelled texts, or pairs of texts, from tab-separated files.
 *
 * @throws {InputError} with file and line where a file is missing or isn't UTF-8, has a line with fewer or
 *   more fields, lacks a column, or holds an empty text, a label outside the classes or an id twice
 */
export async function readTsv(folder: string, options: TsvOptions): Promise<Source> {
  const { files, columns, classes } = options;
  const seen = new Map<string, string>(); // maps an id to the place where it is
  const read = async (names: readonly string[]) => {
    const rows: Row[] = [];
    for (const name of names) {
      rows.push(...await readFileRows(folder, name, options, seen));
    }
    return rows;
  };
  const rows = await read(files.train);
  const source = { classes: classes.map(String), pairs: columns.pair !== undefined, rows };
  return files.dev.length === 0 ? source : { ...source, dev: await read(files.dev) };
}

async function readFileRows(
  folder: string,
  name: string,
  { header, columns, classes, cleanup }: TsvOptions,
  seen: Map<string, string>,
): Promise<Row[]> {
  const file = join(folder, name);
  const table = await readTable(file);
  const names = header ? table[0] : undefined;
  const place = (column: string | number) => columnIndex(file, column, table[0], names !== undefined);
  const [text, label] = [place(columns.text), place(columns.label)];
  const pair = columns.pair === undefined ? undefined : place(columns.pair);
  const id = columns.id === undefined ? undefined : place(columns.id);
  const labels = new Map(classes.map((name, index) => [String(name), index]));
  const textOf = (line: TableLine, column: number) => {
    const clean = cleanup === "reattach" ? reattach(line.fields[column]) : line.fields[column];
    return clean.trim() || emptyText(file, line, column);
  };
  return table.slice(names ? 1 : 0).map((line) => ({
    id: uniqueId(file, line, id, `${name}:${line.line}`, seen),
    text: textOf(line, text),
    ...(pair !== undefined && { pair: textOf(line, pair) }),
    label: labels.get(line.fields[label]) ?? wrongLabel(file, line, label, [...labels.keys()]),
  }));
}

/** Returns the index of a column that is given by its name in the header or by its number. */
function columnIndex(file: string, column: string | number, first: TableLine, named: boolean): number {
  const index = typeof column === "number" ? column : first.fields.indexOf(column);
  if (index >= 0 && index < first.fields.length) return index;
  const found = typeof column === "number"
    ? `${first.fields.length} columns`
    : `the columns ${first.fields.map((name) => `"${name}"`).join(", ")}`;
  const expected = typeof column === "number" ? `a column ${column}, counted from 0` : `a column "${column}"`;
  const fix = named
    ? "Correct `columns`, or set `header: false` where the file has no header and give the columns' numbers."
    : "Correct `columns`.";
  throw new InputError({ at: { file, line: 1 }, found, expected, fix });
}

function uniqueId(
  file: string,
  line: TableLine,
  column: number | undefined,
  position: string,
  seen: Map<string, string>,
): string {
  const id = column === undefined ? position : line.fields[column].trim() || emptyText(file, line, column);
  const earlier = seen.get(id);
  if (earlier !== undefined) {
    throw new InputError({
      at: placeOf(file, line, column ?? 0),
      found: `the id "${id}" again (it is at ${earlier})`,
      expected: "another id for each row",
      fix: column === undefined
        ? "List each file once."
        : "Give each row its own id, or leave `columns.id` out to name rows by file and line.",
    });
  }
  seen.set(id, position);
  return id;
}

function emptyText(file: string, line: TableLine, column: number): never {
  throw new InputError({
    at: placeOf(file, line, column),
    found: "an empty field",
    expected: "a text",
    fix: "Fill it, or remove the line.",
  });
}

function wrongLabel(file: string, line: TableLine, column: number, classes: readonly string[]): never {
  throw new InputError({
    at: placeOf(file, line, column),
    found: `the label "${line.fields[column]}"`,
    expected: `one of ${classes.map((name) => `"${name}"`).join(", ")}`,
    fix: "Correct the label, or list it under `classes`.",
  });
}
