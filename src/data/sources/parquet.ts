import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { excerpts } from "../../excerpt.ts";
import type { Source } from "../source.ts";
import type { GrowingList } from "../stored_list.ts";
import { valueAt } from "./json_values.ts";
import { columnsSchema, commonFields } from "./options.ts";
import { parquetClasses } from "./parquet_classes.ts";
import { asParquet, openParquet, pathOf } from "./parquet_file.ts";
import { readSource } from "./read_source.ts";
import type { FileRecord, RecordReader } from "./record.ts";
import type { ReadRow } from "./row_reader.ts";

/** The schema of a source of Parquet files. */
export const parquetSchema = z.strictObject({
  kind: z.literal("parquet"),
  ...commonFields,
  columns: columnsSchema,
}).describe(
  "Parquet files. Where they say what classes the labels' numbers stand for, as those of the Hugging Face hub do, " +
    "these are the classes, unless `classes` lists numbers. Where a message or a row's name gives a line, it is the " +
    "number of the row, from 1.",
);

/** The parameters of a source of Parquet files. */
export type ParquetOptions = z.output<typeof parquetSchema>;

/**
 * Reads a source of Parquet files. Where these say what classes the numbers in the column of the labels stand for, its
 * classes are those, unless `classes` lists numbers.
 *
 * @param store an empty list, which the rows are kept in for as long as they are used
 * @throws {InputError} as {@link readSource} and {@link parquetClasses} do
 */
export async function readParquet(
  folder: string,
  options: ParquetOptions,
  store: GrowingList<ReadRow>,
): Promise<Source> {
  const names = await parquetClasses(folder, options);
  if (!names || options.classes?.some((name) => /^\d+$/.test(name))) {
    return await readSource(folder, options, parquetRecords, store);
  }
  const spellings = new Map(names.map((name, number) => [`${number}`, name]));
  const { classes = names } = options;
  const source = await readSource(folder, { ...options, classes, spellings }, parquetRecords, store);
  return {
    ...source,
    notes: [`labels stand for ${names.length} classes, as the files say: ${excerpts(names)}`],
  };
}

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
