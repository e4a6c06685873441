/** Reads the texts to predict from a file, or from standard input, row by row. */

import { Buffer } from "node:buffer";
import { type CsvRow, csvRows } from "../../data/sources/csv_rows.ts";
import { tableBatches } from "../../data/table.ts";
import { InputError, type Location } from "../../errors.ts";
import { excerpt } from "../../excerpt.ts";
import { lineBatches } from "../../lines.ts";
import type { TextFields } from "../../inference/text_row.ts";

/** The forms that an input may have. */
export const inputForms = ["jsonl", "csv", "tsv", "lines"] as const;
export type InputForm = typeof inputForms[number];

export interface Input {
  /** The path, or - for standard input. */
  readonly path: string;
  /** Unless given, the path's ending tells. */
  readonly form: InputForm | undefined;
  readonly fields: TextFields;
  /** The character between the fields of CSV; a comma unless given. */
  readonly delimiter: string | undefined;
}

/** A row before anything of it is checked, with its place. */
export interface InputRecord {
  readonly value: unknown;
  readonly at: Location;
  /** The size of its line in bytes, by which progress is told. */
  readonly bytes: number;
}

/**
 * Reads rows one by one.
 *
 * @throws {InputError} at the first line that isn't of the input's form
 */
export async function* inputRecords(
  { path, form = formOf(path), delimiter = "," }: Input,
): AsyncGenerator<InputRecord> {
  const [file, source] = path === "-" ? ["standard input", Deno.stdin.readable] : [path, undefined];
  if (form === "csv") return yield* tableRecords(file, csvRows(file, source, delimiter));
  if (form === "tsv") return yield* tableRecords(file, tableBatches(file, undefined, source));
  let line = 0;
  let empty: Location | undefined; // empty lines at the end are no rows
  for await (const batch of lineBatches(file, source)) {
    for (const text of batch) {
      const at = { file, line: ++line };
      if (text.trim() === "") {
        empty ??= at;
        continue;
      }
      if (empty) {
        throw new InputError({ at: empty, found: "an empty line", expected: "a row, or the file's end" });
      }
      const value = form === "lines" ? { text } : jsonOf(text, at);
      yield { value, at, bytes: sizeOf(text) };
    }
  }
}

/** Names the fields of a table's rows by its first row. */
async function* tableRecords(
  file: string,
  batches: AsyncIterable<readonly TableRow[]>,
): AsyncGenerator<InputRecord> {
  let names: readonly string[] | undefined;
  for await (const batch of batches) {
    for (const { line, fields } of batch) {
      const at = { file, line };
      if (names) {
        const value = Object.fromEntries(names.map((name, column) => [name, fields[column]]));
        yield { value, at, bytes: sizeOf(fields.join(",")) };
      } else names = columnNames(fields, at);
    }
  }
}

/** A row of a table, with the number of its first line. */
type TableRow = Pick<CsvRow, "line" | "fields">;

function columnNames(fields: readonly string[], at: Location): readonly string[] {
  const names = fields.map((name) => name.trim());
  const [separator] = names.length === 1 ? names[0].match(/[;\t|]/) ?? [] : [];
  if (separator !== undefined) {
    const fix = `If that stands between fields, say so: --delimiter ${JSON.stringify(separator)}`;
    throw new InputError({
      at,
      found: `one column ${excerpt(names[0], 60)}`,
      expected: "the names of columns",
      fix,
    });
  }
  const twice = names.find((name, column) => name !== "" && names.indexOf(name) !== column);
  if (twice === undefined) return names;
  throw new InputError({ at, found: `two columns ${excerpt(twice, 40)}`, expected: "names that differ" });
}

/** Returns about how many bytes a line takes; quotation marks that were taken off aren't counted. */
function sizeOf(line: string): number {
  return Buffer.byteLength(line) + 1;
}

function formOf(path: string): InputForm {
  const [, ending = ""] = path.toLowerCase().match(/\.(\w+)$/) ?? [];
  if (["jsonl", "ndjson", "json"].includes(ending)) return "jsonl";
  return ending === "csv" || ending === "tsv" ? ending : "lines";
}

function jsonOf(text: string, at: Location): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError({
      at: { ...at, source: text },
      found: "a line that isn't JSON",
      expected: 'one object a line, such as {"text": "…"}',
      fix: "--input-format says what the input is, if it isn't JSON Lines.",
    }, { cause });
  }
}
