import { InputError, type Location } from "../errors.ts";
import { lineBatches } from "../lines.ts";

/** One line of a table. */
export interface TableLine {
  /** The number of the line, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** So many lines are given at once at most: few enough to be garbage before they are moved to where that is costly. */
const batchSize = 1000;

/**
 * Reads a tab-separated file. There is no quoting, as in GLUE's files: a quotation mark is a character of the
 * text. Blank lines at the end are no rows.
 *
 * @param columns how many fields each line must have; by default as many as the first line
 * @throws {InputError} where the file can't be read as UTF-8, is empty, or a line has fewer or more fields
 */
export async function readTable(file: string, columns?: number): Promise<TableLine[]> {
  return (await Array.fromAsync(tableBatches(file, columns))).flat();
}

/**
 * Reads the same lines in batches, so that a table of any size can be read.
 *
 * @param source the file's bytes, where they don't come from the file system
 * @param keepsShort whether lines with fewer fields are rows too, blank ones among them
 * @throws {InputError} as `readTable` does
 */
export async function* tableBatches(
  file: string,
  columns?: number,
  source?: AsyncIterable<Uint8Array>,
  keepsShort = false,
): AsyncGenerator<readonly TableLine[]> {
  let expected = columns;
  let line = 0;
  let blank: TableLine[] = []; // they may be the last ones
  for await (const texts of lineBatches(file, source)) {
    let batch: TableLine[] = [];
    for (const text of texts) {
      if (batch.length === batchSize) {
        yield batch;
        batch = [];
      }
      const row = { line: ++line, fields: text.split("\t") };
      if (/^ *$/.test(text)) {
        blank.push(row);
        continue;
      }
      if (blank[0] && !keepsShort) throw blankLine({ file, line: blank[0].line });
      expected ??= row.fields.length;
      if (!keepsShort || row.fields.length > expected) {
        checkFields(file, row, expected, columns === undefined);
      }
      for (const one of [...blank, row]) batch.push(one);
      blank = [];
    }
    yield batch;
  }
  if (expected === undefined || line === blank.length) {
    throw new InputError({ at: { file }, found: "an empty file", expected: "a row on each line" });
  }
}

function checkFields(file: string, { line, fields }: TableLine, expected: number, asFirst: boolean): void {
  if (fields.length === expected) return;
  throw new InputError({
    at: { file, line },
    found: `${fields.length} tab-separated ${fields.length === 1 ? "field" : "fields"}`,
    expected: asFirst ? `${expected}, as on line 1` : `${expected}`,
    fix: "Add the missing field, or remove the stray tab or line break; quotation marks protect neither.",
  });
}

/** Only at a file's end are blank lines no rows, as one between rows may be a row that was lost. */
export function blankLine(at: Location): InputError {
  return new InputError({
    at,
    found: "a blank line with rows below it",
    expected: "a row",
    fix: "Remove it.",
  });
}

/**
 * Returns the place of a field, as an error message names it. The column counts the characters of the line
 * from 1.
 */
export function placeOf(file: string, { line, fields }: TableLine, index: number) {
  const before = fields.slice(0, index).join("\t").length;
  return { file, line, column: index === 0 ? 1 : before + 2 };
}
