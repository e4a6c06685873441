import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { Source } from "../source.ts";
import type { GrowingList } from "../stored_list.ts";
import { type CsvOptions, csvReader, csvSchema } from "./csv.ts";
import { withEncodingAdvice } from "./encoding_advice.ts";
import { type FolderOptions, folderReader, folderSchema } from "./folder.ts";
import { type JsonOptions, jsonReader, jsonSchema } from "./json.ts";
import { type JsonlOptions, jsonlReader, jsonlSchema } from "./jsonl.ts";
import { type LinesOptions, linesReader, linesSchema } from "./line_texts.ts";
import { type ParquetOptions, parquetRecords, parquetSchema, readParquet } from "./parquet.ts";
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
 * @param path the source's folder, or its only file
 * @param store an empty list, which the rows are kept in for as long as they are used
 * @throws {InputError} as {@link readSource} does
 */
export function readLabelledTexts(
  path: string,
  options: LabelledTextsOptions,
  store: GrowingList<ReadRow>,
): Promise<Source> {
  const folder = statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path;
  if (options.kind === "parquet") return readParquet(folder, options, store);
  return readSource(folder, { columns: textAndLabel, ...options }, readerOf(options), store);
}

/** Returns the reader of a source's files. */
export function readerOf(options: LabelledTextsOptions): RecordReader {
  return options.kind === "parquet" ? parquetRecords : withEncodingAdvice(textReaderOf(options));
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
