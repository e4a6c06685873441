/** Looks at what columns hold. */

import type { Column, FileRecord } from "../sources/record.ts";
import { unescapeHtml } from "../unescape_html.ts";

/** What a column holds. */
export interface ColumnSurvey {
  /** The column as a source names it. */
  readonly column: Column;
  /** The rows that were looked at. */
  readonly rows: number;
  /** How often each value occurs; undefined of more values than classes may be. */
  readonly values: ReadonlyMap<string, number> | undefined;
  /** The share of the rows whose value is a number. */
  readonly numeric: number;
  /** The mean number of characters. */
  readonly characters: number;
  /** Whether some values are lists or objects. */
  readonly isNested: boolean;
  /** The share of the rows whose text has HTML's character references, such as `&amp;`. */
  readonly html: number;
}

/** The columns of a file. */
export interface FileSurvey {
  readonly columns: readonly ColumnSurvey[];
  /** Whether the first row of a table names its columns; of other files it does. */
  readonly header: boolean;
}

/** So many rows are looked at, and so many different values are told apart, which more classes can't be. */
const [mostRows, mostValues] = [100_000, 1000];

/**
 * Looks at the columns of a file.
 *
 * @param isTable whether the columns are those of a table, whose first row may name them
 * @throws {InputError} as the file's reader does
 */
export async function surveyColumns(
  batches: AsyncIterable<readonly FileRecord[]>,
  columns: readonly Column[],
  isTable: boolean,
): Promise<FileSurvey> {
  const surveys = columns.map(() => new Survey());
  let first: readonly string[] | undefined; // a table's first row
  let firstRecurs = false;
  let rows = 0;
  for await (const batch of batches) {
    for (const { values } of batch) {
      if (isTable && !first) {
        first = values.map((value) => String(value ?? ""));
        continue;
      }
      rows++;
      values.forEach((value, index) => {
        surveys[index].add(value);
        firstRecurs ||= first !== undefined && first[index] !== "" && value === first[index];
      });
    }
    if (rows >= mostRows) break;
  }
  const header = first === undefined || (!firstRecurs && isHeader(first));
  if (first && !header) surveys.forEach((survey, index) => survey.add(first[index]));
  return {
    header,
    columns: surveys.map((survey, index) => survey.result(first && header ? first[index] : columns[index])),
  };
}

/** Whether fields name columns. Those behind the last name may be empty, as spreadsheets write columns without one. */
function isHeader(fields: readonly string[]): boolean {
  const last = fields.findLastIndex((field) => field.trim() !== "");
  return last >= 0 && fields.slice(0, last + 1).every(isName);
}

/** Names of columns are short, and no numbers. The first may be empty: pandas writes its index so. */
function isName(text: string, index: number): boolean {
  if (text.trim() === "") return index === 0;
  return text.length <= 40 && text.trim().split(/\s+/).length <= 3 && !Number.isFinite(Number(text));
}

/** Counts the values of a column. */
class Survey {
  #values: Map<string, number> | undefined = new Map();
  #rows = 0;
  #numbers = 0;
  #characters = 0;
  #isNested = false;
  #html = 0;

  add(value: unknown): void {
    this.#rows++;
    if (typeof value === "object" && value !== null) {
      this.#isNested = true;
      return;
    }
    const text = String(value ?? "");
    this.#characters += text.length;
    if (unescapeHtml(text) !== text) this.#html++;
    if (text.trim() !== "" && Number.isFinite(Number(text))) this.#numbers++;
    this.#values?.set(text, (this.#values.get(text) ?? 0) + 1);
    if ((this.#values?.size ?? 0) > mostValues) this.#values = undefined;
  }

  result(column: Column): ColumnSurvey {
    const rows = this.#rows;
    return {
      column,
      rows,
      values: this.#values,
      numeric: this.#numbers / Math.max(1, rows),
      characters: this.#characters / Math.max(1, rows),
      isNested: this.#isNested,
      html: this.#html / Math.max(1, rows),
    };
  }
}
