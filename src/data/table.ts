import { InputError } from "../errors.ts";
import { readLines } from "../lines.ts";

/** One line of a table. */
export interface TableLine {
  /** The number of the line, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Reads a tab-separated file. There is no quoting, as in GLUE's files: a quotation mark is a character of the
 * text.
 *
 * @param columns how many fields each line must have; by default as many as the first line
 * @throws {InputError} where the file can't be read as UTF-8, is empty, or a line has fewer or more fields
 */
export async function readTable(file: string, columns?: number): Promise<TableLine[]> {
  const lines = (await readLines(file)).map((text, index) => ({ line: index + 1, fields: text.split("\t") }));
  if (lines.length === 0) {
    throw new InputError({ at: { file }, found: "an empty file", expected: "a row on each line" });
  }
  const expected = columns ?? lines[0].fields.length;
  const wrong = lines.find(({ fields }) => fields.length !== expected);
  if (wrong) {
    throw new InputError({
      at: { file, line: wrong.line },
      found: `${wrong.fields.length} tab-separated ${wrong.fields.length === 1 ? "field" : "fields"}`,
      expected: columns === undefined ? `${expected}, as on line 1` : `${expected}`,
      fix: "Add the missing field, or remove the stray tab or line break; quotation marks protect neither.",
    });
  }
  return lines;
}

/**
 * Returns the place of a field, as an error message names it. The column counts the characters of the line
 * from 1.
 */
export function placeOf(file: string, { line, fields }: TableLine, index: number) {
  const before = fields.slice(0, index).join("\t").length;
  return { file, line, column: index === 0 ? 1 : before + 2 };
}
