import type { Location } from "../../errors.ts";

/** A column by its name in the file, or by its number, counted from 0. */
export type Column = string | number;

/** A record of a file: a line of a table, an object of JSON, a row of Parquet, or a text with its class. */
export interface FileRecord {
  /** The record's name where no column holds one: `<file>:<line>`, or for Parquet and JSON `<file>:<number>`. */
  readonly id: string;
  /**
   * The values of the columns that were asked for, in their order: texts, numbers, truth values, lists or
   * objects, and undefined where the record has none.
   */
  readonly values: readonly unknown[];
  /** Returns the place of one of the values, as an error message names it. */
  at(index: number): Location;
}

/**
 * Reads the records of one of a source's files in batches, so that a file of any size can be read.
 *
 * @param folder the source's folder
 * @param name the file's path in it, as `files` lists it
 * @param columns the columns that are asked for; each record has a value for each
 * @throws {InputError} with file, line and column where the file isn't of the reader's format, lacks a column or
 *   holds no record
 */
export type RecordReader = (
  folder: string,
  name: string,
  columns: readonly Column[],
) => AsyncIterable<readonly FileRecord[]>;
