import { isAbsolute, join, normalize } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { excerpt, excerpts } from "../excerpt.ts";
import { LabelReader, nearestSpelling } from "./labels.ts";
import { reattach } from "./reattach.ts";
import type { Row } from "./rows.ts";
import type { Source } from "./source.ts";
import { placeOf, tableBatches, type TableLine } from "./table.ts";

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
 *   more fields, lacks a column or has two of a name, or holds an empty text, a label outside the classes or
 *   an id twice
 */
export async function readTsv(folder: string, options: TsvOptions): Promise<Source> {
  const { files, columns, classes } = options;
  checkFiles([...files.train, ...files.dev]);
  const ids = new Map<string, string>(); // maps an id to the place where it is
  const labels = new LabelReader(classes.map(String));
  const read = async (names: readonly string[]) => {
    const rows: Row[] = [];
    for (const name of names) {
      for await (const row of fileRows(join(folder, name), name, options, labels, ids)) rows.push(row);
    }
    return rows;
  };
  const rows = await read(files.train);
  const dev = files.dev.length === 0 ? {} : { dev: await read(files.dev) };
  labels.check();
  return { classes: classes.map(String), pairs: columns.pair !== undefined, rows, ...dev };
}

/** Reads a file's rows. The text is never held as a whole. */
async function* fileRows(
  file: string,
  name: string,
  { header, columns, cleanup }: TsvOptions,
  labels: LabelReader,
  ids: Map<string, string>,
): AsyncGenerator<Row> {
  let places: Places | undefined;
  let rows = 0;
  for await (const batch of tableBatches(file)) {
    for (const line of batch) {
      if (!places) {
        places = placesOf(file, columns, line, header);
        if (header) continue;
      }
      const { text, pair, label, id } = places;
      const textOf = (column: number) => {
        // Copied, since a part of a line keeps all of it, and its neighbours, in memory.
        const field = copied(line.fields[column]);
        return (cleanup === "reattach" ? reattach(field) : field).trim() || emptyText(file, line, column);
      };
      rows++;
      yield {
        id: id === undefined ? `${name}:${line.line}` : uniqueId(file, name, line, id, ids),
        text: textOf(text),
        ...(pair !== undefined && { pair: textOf(pair) }),
        label: labels.read(line.fields[label], () => placeOf(file, line, label)),
      };
    }
  }
  if (rows === 0) throw new InputError({ at: { file }, found: "a header alone", expected: "a row below it" });
}

function copied(text: string): string {
  return JSON.parse(JSON.stringify(text));
}

/** Where the columns are. */
interface Places {
  readonly text: number;
  readonly pair: number | undefined;
  readonly label: number;
  readonly id: number | undefined;
}

function placesOf(file: string, columns: TsvOptions["columns"], first: TableLine, header: boolean): Places {
  const isNamed = Object.values(columns).some((column) => typeof column === "string");
  if (header && isNamed) checkNames(file, first);
  const place = (column: string | number) => columnIndex(file, column, first, header);
  const { text, pair, label, id } = columns;
  return {
    text: place(text),
    pair: pair === undefined ? undefined : place(pair),
    label: place(label),
    id: id === undefined ? undefined : place(id),
  };
}

/** Two columns of one name would leave open which of them is meant. */
function checkNames(file: string, { fields, line }: TableLine): void {
  const twice = fields.find((name, index) => name !== "" && fields.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new InputError({
    at: placeOf(file, { fields, line }, fields.lastIndexOf(twice)),
    found: `two columns ${excerpt(twice)}`,
    expected: "names that differ",
    fix: "Rename one of them, or give the columns' numbers.",
  });
}

/** Returns the index of a column that is given by its name in the header or by its number. */
function columnIndex(file: string, column: string | number, first: TableLine, named: boolean): number {
  const index = typeof column === "number" ? column : first.fields.indexOf(column);
  if (index >= 0 && index < first.fields.length) return index;
  const found = typeof column === "number"
    ? `${first.fields.length} columns`
    : `the columns ${excerpts(first.fields)}`;
  const expected = typeof column === "number" ? `a column ${column}, counted from 0` : `a column "${column}"`;
  const separator = first.fields.length === 1 ? separatorOf(first.fields[0]) : undefined;
  const near = typeof column === "string" && nearestSpelling(column, first.fields);
  const fix = separator
    ? `Only tab-separated files are read: put tabs between the columns instead of ${separator}.`
    : near
    ? `Correct \`columns\`: ${excerpt(near)} may be meant.`
    : named
    ? "Correct `columns`, or set `header: false` where the file has no header and give the columns' numbers."
    : "Correct `columns`.";
  throw new InputError({ at: { file, line: 1 }, found, expected, fix });
}

/** Says what seems to be between the columns of a line without tabs. */
function separatorOf(line: string): string | undefined {
  if (/^\s*[{[]/.test(line)) return "JSON";
  if (line.includes(",")) return "commas";
  if (line.includes(";")) return "semicolons";
  return undefined;
}

/** A file that is listed twice would give each of its rows twice. */
function checkFiles(names: readonly string[]): void {
  const paths = names.map((name) => normalize(name));
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice === undefined) return;
  throw new InputError({
    at: { file: twice },
    found: "the file twice among `files`",
    expected: "each file once",
    fix: "List each file once.",
  });
}

function uniqueId(
  file: string,
  name: string,
  line: TableLine,
  column: number,
  ids: Map<string, string>,
): string {
  const id = copied(line.fields[column].trim()) || emptyText(file, line, column);
  const earlier = ids.get(id);
  if (earlier !== undefined) {
    throw new InputError({
      at: placeOf(file, line, column),
      found: `the id ${excerpt(id)} again (it is at ${earlier})`,
      expected: "another id for each row",
      fix: "Give each row its own id, or leave `columns.id` out to name rows by file and line.",
    });
  }
  ids.set(id, `${name}:${line.line}`);
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
