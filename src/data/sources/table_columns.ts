import { InputError, type Location } from "../../errors.ts";
import { excerpt, excerpts } from "../../excerpt.ts";
import { nearestSpelling } from "../labels.ts";
import type { Column, FileRecord } from "./record.ts";

/** A row of a table of texts. */
export interface TableRow {
  /** The number of its first line, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** A table, and what is to be known of it to read its columns. */
export interface Table<Row extends TableRow> {
  /** The path of the file, and its name in the source's folder. */
  readonly file: string;
  readonly name: string;
  readonly rows: AsyncIterable<readonly Row[]>;
  /** Whether the first row names the columns. */
  readonly header: boolean;
  readonly columns: readonly Column[];
  /** Returns the place of a field. */
  placeOf(row: Row, index: number): Location;
  /** Says what to do where a row has a single field but should have more. */
  adviceOnSingle(field: string): string | undefined;
}

/**
 * Picks columns from the rows of a table.
 *
 * @throws {InputError} where a column isn't there or two have its name, or a header is all there is
 */
export async function* tableRecords<Row extends TableRow>(
  table: Table<Row>,
): AsyncGenerator<readonly FileRecord[]> {
  const { file, name, rows, header, placeOf } = table;
  let places: readonly number[] | undefined;
  let hasRows = false;
  for await (const batch of rows) {
    let first = 0;
    if (!places && batch.length > 0) {
      places = placesOf(table, batch[0]);
      if (header) first = 1;
    }
    if (batch.length === first) continue;
    hasRows = true;
    const indices = places!;
    yield batch.slice(first).map((row) => ({
      id: `${name}:${row.line}`,
      values: indices.map((index) => row.fields[index]),
      at: (column) => placeOf(row, indices[column]),
    }));
  }
  if (!hasRows) throw new InputError({ at: { file }, found: "a header alone", expected: "a row below it" });
}

function placesOf<Row extends TableRow>(table: Table<Row>, first: Row): readonly number[] {
  const isNamed = table.columns.some((column) => typeof column === "string");
  if (table.header && isNamed) checkNames(table, first);
  return table.columns.map((column) => columnIndex(table, column, first));
}

/** Two columns of one name would leave open which of them is meant. */
function checkNames<Row extends TableRow>({ placeOf }: Table<Row>, first: Row): void {
  const { fields } = first;
  const twice = fields.find((name, index) => name !== "" && fields.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new InputError({
    at: placeOf(first, fields.lastIndexOf(twice)),
    found: `two columns ${excerpt(twice)}`,
    expected: "names that differ",
    fix: "Rename one of them, or give the columns' numbers.",
  });
}

/** Returns the index of a column that is given by its name in the header or by its number. */
function columnIndex<Row extends TableRow>(
  { file, header, adviceOnSingle }: Table<Row>,
  column: Column,
  { fields }: Row,
): number {
  const index = typeof column === "number" ? column : fields.indexOf(column);
  if (index >= 0 && index < fields.length) return index;
  const isNumber = typeof column === "number";
  const near = isNumber ? undefined : nearestSpelling(column, fields);
  const fix = (fields.length === 1 ? adviceOnSingle(fields[0]) : undefined) ??
    (near
      ? `Correct \`columns\`: ${excerpt(near)} may be meant.`
      : header
      ? "Correct `columns`, or set `header: false` where the file has no header and give the columns' numbers."
      : "Correct `columns`.");
  throw new InputError({
    at: { file, line: 1 },
    found: isNumber ? `${fields.length} columns` : `the columns ${excerpts(fields)}`,
    expected: isNumber ? `a column ${column}, counted from 0` : `a column "${column}"`,
    fix,
  });
}
