import { InputError, type Location } from "../../errors.ts";
import { excerpt } from "../../excerpt.ts";
import { countLines, textPieces } from "../../lines.ts";
import { blankLine } from "../table.ts";
import type { TableRow } from "./table_columns.ts";

/** A row of CSV, which may go over several lines. */
export interface CsvRow extends TableRow {
  /** The row as it is written, with the line's end. */
  readonly source: string;
}

/** So many rows are given at once at most: few enough to be garbage before they are moved to where that is costly. */
const batchSize = 1000;

/** The longest row, in characters. A longer one means that a quotation mark isn't closed. */
const longestRow = 2 ** 24;

/**
 * Reads the rows of a file in batches, as RFC 4180 has them: a field in quotation marks may hold delimiters, line
 * breaks and doubled quotation marks. A field that doesn't begin with a quotation mark may hold some as they are.
 * Blank lines at the end are no rows.
 *
 * @param bytes the file's bytes, where they don't come from the file system as it has them
 * @param delimiter the character between fields
 * @throws {InputError} where the file is empty, a quoted field isn't closed or has text behind it, or a row has
 *   fewer or more fields than the first
 */
export async function* csvRows(
  file: string,
  bytes: AsyncIterable<Uint8Array> | undefined,
  delimiter: string,
): AsyncGenerator<readonly CsvRow[]> {
  let expected: number | undefined;
  let blank: CsvRow | undefined; // those at the end are no rows
  for await (const batch of allRows(file, bytes, delimiter)) {
    const rows: CsvRow[] = [];
    for (const row of batch) {
      if (/^[ \r\n]*$/.test(row.source)) {
        blank ??= row;
        continue;
      }
      if (blank) throw blankLine({ file, line: blank.line });
      expected ??= row.fields.length;
      checkFields(file, row, expected);
      rows.push(row);
    }
    yield rows;
  }
  if (expected !== undefined) return;
  throw new InputError({ at: { file }, found: "an empty file", expected: "a row on each line" });
}

/** Returns the place of a field, as an error message names it. */
export function placeInCsv(
  file: string,
  { line, source }: CsvRow,
  index: number,
  delimiter: string,
): Location {
  const { starts } = parseRow(source, 0, delimiter)!;
  return placeIn(file, source, starts[index], line);
}

async function* allRows(
  file: string,
  bytes: AsyncIterable<Uint8Array> | undefined,
  delimiter: string,
): AsyncGenerator<readonly CsvRow[]> {
  let rest = "";
  let line = 1;
  for await (const piece of textPieces(file, bytes)) {
    const text = rest + piece.text;
    let rows: CsvRow[] = [];
    let at = 0;
    while (at < text.length) {
      if (rows.length === batchSize) {
        yield rows;
        rows = [];
      }
      const parsed = parseRow(text, at, delimiter);
      if (!parsed) break;
      if (parsed.fault !== undefined) {
        throw behindQuotes(file, text.slice(at), parsed.fault - at, line);
      }
      const source = text.slice(at, parsed.end);
      rows.push({ line, fields: parsed.fields, source });
      at = parsed.end;
      line += countLines(source);
    }
    rest = text.slice(at);
    if (rest.length > longestRow) throw unclosed(file, rest, line, delimiter);
    yield rows;
  }
  if (rest !== "") throw unclosed(file, rest, line, delimiter);
}

/** A row that was found in a text. */
interface ParsedRow {
  readonly fields: readonly string[];
  /** Where each field starts in the text. */
  readonly starts: readonly number[];
  /** Where the next row starts. */
  readonly end: number;
  /** Where text stands behind a quoted field. */
  readonly fault?: number;
}

/** Parses the row that starts at a place in a text. Returns undefined where its last field isn't closed. */
function parseRow(text: string, start: number, delimiter: string): ParsedRow | undefined {
  const feed = text.indexOf("\n", start);
  const lineEnd = feed < 0 ? text.length : feed;
  const fields: string[] = [];
  const starts: number[] = [];
  let at = start;
  for (;;) {
    starts.push(at);
    if (text[at] === '"') {
      const close = closingQuote(text, at + 1);
      if (close < 0) return undefined;
      fields.push(text.slice(at + 1, close).replaceAll('""', '"'));
      at = close + 1;
    } else {
      const end = endOfField(text, at, delimiter);
      fields.push(text.slice(at, text[end] !== delimiter && text[end - 1] === "\r" ? end - 1 : end));
      at = end;
    }
    if (text[at] === delimiter) {
      at++;
      continue;
    }
    if (text[at] === "\r" && (text[at + 1] ?? "\n") === "\n") at++;
    if (at === text.length || text[at] === "\n") {
      return { fields, starts, end: Math.min(at + 1, text.length) };
    }
    return { fields, starts, end: lineEnd, fault: at };
  }
}

/** Returns the place of the next quotation mark that isn't doubled, or -1. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

/** Returns the place of the next delimiter or line feed, or the text's end. */
function endOfField(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== "\n") at++;
  return at;
}

function placeIn(file: string, source: string, at: number, line: number): Location {
  const before = source.slice(0, at);
  return { file, line: line + countLines(before), column: at - before.lastIndexOf("\n") };
}

function checkFields(file: string, { line, fields }: CsvRow, expected: number): void {
  if (fields.length === expected) return;
  throw new InputError({
    at: { file, line },
    found: `${fields.length} ${fields.length === 1 ? "field" : "fields"}`,
    expected: `${expected}, as in the first row`,
    fix: "Put fields that hold a delimiter or a line break in quotation marks, or set `delimiter`.",
  });
}

function behindQuotes(file: string, source: string, at: number, line: number): InputError {
  const [behind] = source.slice(at, at + 200).split("\n");
  return new InputError({
    at: placeIn(file, source, at, line),
    found: `${excerpt(behind, 40)} behind a field in quotation marks`,
    expected: "a delimiter or the line's end",
    fix: 'Double each quotation mark that is part of such a field: "".',
  });
}

function unclosed(file: string, source: string, line: number, delimiter: string): InputError {
  let start = 0;
  for (;;) {
    const isQuoted = source[start] === '"';
    const end = isQuoted ? closingQuote(source, start + 1) : endOfField(source, start, delimiter);
    if (end < 0) break; // this is the field
    start = end + (isQuoted ? 2 : 1);
  }
  return new InputError({
    at: placeIn(file, source, start, line),
    found: "a quotation mark that isn't closed",
    expected: "another at the end of the field",
    fix: "Close it, or double it and put the field that it is part of in quotation marks.",
  });
}
