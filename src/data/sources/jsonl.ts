import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { lineBatches } from "../../lines.ts";
import { checkFirst, pathOfColumn } from "./json_records.ts";
import { faultInJson, lineAndColumn, placeOfValue, valueAt } from "./json_values.ts";
import { columnsSchema, commonFields, textFields } from "./options.ts";
import type { Column, FileRecord, RecordReader } from "./record.ts";
import { textBytes } from "./text_file.ts";

/** The schema of a source of JSON Lines. */
export const jsonlSchema = z.strictObject({
  kind: z.literal("jsonl"),
  ...commonFields,
  ...textFields,
  columns: columnsSchema,
}).describe("Files with an object, or a list of values, as JSON on each line.");

/** The parameters of a source of JSON Lines. */
export type JsonlOptions = z.output<typeof jsonlSchema>;

/** Returns a reader of JSON Lines. */
export function jsonlReader({ encoding }: JsonlOptions): RecordReader {
  return (folder, name, columns) => jsonlRecords(join(folder, name), name, columns, encoding);
}

async function* jsonlRecords(
  file: string,
  name: string,
  columns: readonly Column[],
  encoding: string,
): AsyncGenerator<readonly FileRecord[]> {
  let line = 0;
  let isFirst = true;
  for await (const batch of lineBatches(file, textBytes(file, encoding))) {
    const records: FileRecord[] = [];
    for (const text of batch) {
      line++;
      if (text.trim() === "") continue;
      const number = line;
      const value = parsed(text, file, number);
      if (isFirst) checkFirst(value, columns, { file, line });
      isFirst = false;
      const pathOf = (column: Column) => pathOfColumn(value, column);
      records.push({
        id: `${name}:${number}`,
        values: columns.map((column) => valueAt(value, pathOf(column))),
        at: (index) => ({
          file,
          line: number,
          column: placeOfValue(text, pathOf(columns[index])) + 1,
        }),
      });
    }
    yield records;
  }
  if (isFirst) {
    throw new InputError({
      at: { file },
      found: "an empty file",
      expected: "an object as JSON on each line",
    });
  }
}

function parsed(text: string, file: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { column } = lineAndColumn(text, faultInJson(text) ?? 0);
    throw new InputError({
      at: { file, line, column },
      found: "a line that isn't JSON from here on",
      expected: "an object as JSON on each line",
      fix: /^\s*\[/.test(text) ? "If the whole file is one list, set `kind: json`." : undefined,
    }, { cause });
  }
}
