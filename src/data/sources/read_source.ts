import { normalize } from "node:path";
import { InputError } from "../../errors.ts";
import { type PartName, partNames } from "../file_parts.ts";
import type { Row } from "../rows.ts";
import type { Source } from "../source.ts";
import type { SourceOptions } from "./options.ts";
import type { RecordReader } from "./record.ts";
import { type ReadRow, RowReader } from "./row_reader.ts";

/**
 * Reads labelled texts, or pairs of texts, from the files of a source.
 *
 * @param records reads the records of a file
 * @throws {InputError} with file and line where a file can't be read, lacks a column, or holds an empty text, a
 *   label outside the classes or an id twice; and where no classes are named and all labels are the same
 */
export async function readSource(
  folder: string,
  options: SourceOptions,
  records: RecordReader,
): Promise<Source> {
  checkFiles(partNames.flatMap((part) => options.files[part]));
  const reader = new RowReader(options);
  const parts: Partial<Record<PartName, ReadRow[]>> = {};
  for (const part of partNames) {
    for (const name of options.files[part]) {
      const rows = parts[part] ??= [];
      for await (const batch of records(folder, name, reader.columns)) {
        for (const record of batch) {
          const row = reader.read(record);
          if (row) rows.push(row);
        }
      }
    }
  }
  const classes = reader.finish(Object.values(parts));
  const { train = [], dev, tune, dev1, dev2, test } = parts as Partial<Record<PartName, Row[]>>;
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
