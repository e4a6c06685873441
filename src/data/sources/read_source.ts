import { normalize } from "node:path";
import { InputError } from "../../errors.ts";
import { type PartName, partNames } from "../file_parts.ts";
import type { RowList } from "../row_list.ts";
import type { Source } from "../source.ts";
import type { GrowingList } from "../stored_list.ts";
import type { SourceOptions } from "./options.ts";
import type { RecordReader } from "./record.ts";
import { type ReadRow, RowReader } from "./row_reader.ts";

/**
 * Reads labelled texts, or pairs of texts, from the files of a source.
 *
 * @param records reads the records of a file
 * @param store an empty list, which the rows are kept in for as long as they are used
 * @throws {InputError} with file and line where a file can't be read, lacks a column, or holds an empty text, a
 *   label outside the classes or an id twice; and where no classes are named and all labels are the same
 */
export async function readSource(
  folder: string,
  options: SourceOptions,
  records: RecordReader,
  store: GrowingList<ReadRow>,
): Promise<Source> {
  checkFiles(partNames.flatMap((part) => options.files[part]));
  const reader = new RowReader(options, store);
  const ranges: [PartName, number, number][] = [];
  for (const part of partNames.filter((part) => options.files[part].length > 0)) {
    const start = store.length;
    for (const name of options.files[part]) {
      for await (const batch of records(folder, name, reader.columns)) {
        for (const record of batch) reader.read(record);
      }
    }
    ranges.push([part, start, store.length]);
  }
  const { classes, rows } = reader.finish();
  const parts: Partial<Record<PartName, RowList>> = Object.fromEntries(
    ranges.map(([part, start, end]) => [part, rows.slice(start, end)]),
  );
  const { train = [], dev, tune, dev1, dev2, test } = parts;
  return {
    classes,
    pairs: options.columns.pair !== undefined,
    rows: train,
    ...(dev && { dev }),
    ...(tune && dev1 && dev2 && { given: { tune, dev1, dev2 } }),
    ...(test && { test }),
    ...(options.classes === undefined && { areClassesInferred: true }),
    ...(reader.unlabelled.length > 0 && { unlabelled: reader.unlabelled }),
  };
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
