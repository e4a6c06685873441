import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { excerpt, excerpts } from "../../excerpt.ts";
import { unreadable } from "../../lines.ts";
import { nearestSpelling } from "../labels.ts";
import { valueAt } from "./json_values.ts";
import { columnsSchema, commonFields } from "./options.ts";
import type { Column, FileRecord, RecordReader } from "./record.ts";

/** The schema of a source of Parquet files. */
export const parquetSchema = z.strictObject({
  kind: z.literal("parquet"),
  ...commonFields,
  columns: columnsSchema,
}).describe(
  "Parquet files. Where a message or a row's name gives a line, it is the number of the row, from 1.",
);

/** The parameters of a source of Parquet files. */
export type ParquetOptions = z.output<typeof parquetSchema>;

/** Reads the records of a Parquet file, a group of rows at a time. */
export const parquetRecords: RecordReader = async function* (folder, name, columns) {
  const file = join(folder, name);
  const { buffer, metadata, names } = await openParquet(file);
  const paths = columns.map((column) => pathOf(file, names, column));
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const first = rowStart + 1;
    const rows = await asParquet(file, () =>
      parquetReadObjects({
        ...{ file: buffer, metadata, compressors, rowStart, rowEnd: rowStart + Number(group.num_rows) },
        columns: [...new Set(paths.map(([name]) => name))],
      }));
    yield rows.map((row, index): FileRecord => ({
      id: `${name}:${first + index}`,
      values: paths.map((path) => valueAt(row, path)),
      at: () => ({ file, line: first + index }),
    }));
    rowStart += rows.length;
  }
  if (rowStart === 0) throw new InputError({ at: { file }, found: "no row", expected: "at least one" });
};

/**
 * Lists the names of a Parquet file's columns.
 *
 * @throws {InputError} where it can't be read as one
 */
export async function parquetColumns(file: string): Promise<readonly string[]> {
  return (await openParquet(file)).names;
}

async function openParquet(file: string) {
  const buffer = await asyncBufferFromFile(file).catch((cause) => {
    throw unreadable(cause, file, "a Parquet file");
  });
  return asParquet(file, async () => {
    const metadata = await parquetMetadataAsync(buffer);
    return { buffer, metadata, names: topLevelNames(metadata) };
  });
}

/** Returns the path of a column: a name, or names with dots between them that lead to a member of a structure. */
function pathOf(file: string, names: readonly string[], column: Column): readonly string[] {
  const path = typeof column === "number"
    ? [names[column]]
    : names.includes(column)
    ? [column]
    : column.split(".");
  if (names.includes(path[0])) return path;
  const near = typeof column === "string" ? nearestSpelling(column, names) : undefined;
  throw new InputError({
    at: { file },
    found: typeof column === "number" ? `${names.length} columns` : `the columns ${excerpts(names)}`,
    expected: typeof column === "number" ? `a column ${column}, counted from 0` : `a column "${column}"`,
    fix: near ? `Correct \`columns\`: ${excerpt(near)} may be meant.` : "Correct `columns`.",
  });
}

/** Lists the columns. The schema is a tree, written from its root on, each node before its children. */
function topLevelNames({ schema: [root, ...nodes] }: FileMetaData): string[] {
  const names: string[] = [];
  let at = 0;
  const skip = () => {
    const { num_children = 0 } = nodes[at++];
    for (let child = 0; child < num_children; child++) skip();
  };
  for (let child = 0; child < (root.num_children ?? 0); child++) {
    names.push(String(nodes[at].name));
    skip();
  }
  return names;
}

/** Does what may fail where a file isn't Parquet as it should be. */
async function asParquet<Value>(file: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError({
      at: { file },
      found: `a file that can't be read as Parquet (${excerpt(reason).slice(1, -1)})`,
      expected: "a Parquet file",
      fix: "Copy the file again, or set another `kind`.",
    }, { cause });
  }
}
