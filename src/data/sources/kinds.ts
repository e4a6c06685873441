import type { Source } from "../source.ts";
import type { StoredList } from "../stored_list.ts";
import { type CsvOptions, csvReader, csvSchema } from "./csv.ts";
import { withEncodingAdvice } from "./encoding_advice.ts";
import { type FolderOptions, folderReader, folderSchema } from "./folder.ts";
import { type JsonOptions, jsonReader, jsonSchema } from "./json.ts";
import { type JsonlOptions, jsonlReader, jsonlSchema } from "./jsonl.ts";
import { type LinesOptions, linesReader, linesSchema } from "./line_texts.ts";
import { type ParquetOptions, parquetSchema, readParquet } from "./parquet.ts";
import { readSource } from "./read_source.ts";
import type { RecordReader } from "./record.ts";
import type { ReadRow } from "./row_reader.ts";
import { type TsvOptions, tsvReader, tsvSchema } from "./tsv.ts";

/** The schemas of all kinds of sources whose files and labels a person describes. */
export const labelledTextsSchemas = [
  tsvSchema,
  csvSchema,
  jsonlSchema,
  jsonSchema,
  parquetSchema,
  linesSchema,
  folderSchema,
] as const;

/** The parameters of a source of labelled texts, of any kind. */
export type LabelledTextsOptions =
  | TsvOptions
  | CsvOptions
  | JsonlOptions
  | JsonOptions
  | ParquetOptions
  | LinesOptions
  | FolderOptions;

/** What readers of a text and its label are asked for. */
const textAndLabel = { text: "text", label: "label" } as const;

/**
 * Reads a source of labelled texts of any kind.
 *
 * @param store an empty list, which the rows are kept in for as long as they are used
 * @throws {InputError} as {@link readSource} does
 */
export function readLabelledTexts(
  folder: string,
  options: LabelledTextsOptions,
  store: StoredList<ReadRow>,
): Promise<Source> {
  if (options.kind === "parquet") return readParquet(folder, options, store);
  const records = withEncodingAdvice(textReaderOf(options));
  return readSource(folder, { columns: textAndLabel, ...options }, records, store);
}

function textReaderOf(options: Exclude<LabelledTextsOptions, ParquetOptions>): RecordReader {
  switch (options.kind) {
    case "tsv":
      return tsvReader(options);
    case "csv":
      return csvReader(options);
    case "jsonl":
      return jsonlReader(options);
    case "json":
      return jsonReader(options);
    case "lines":
      return linesReader(options);
    case "folder":
      return folderReader(options);
  }
}
