import type { InputError } from "../../errors.ts";
import { lineBatches } from "../../lines.ts";
import { badRow } from "./bad_row.ts";
import { csvRows } from "./csv.ts";
import { isUnfinished } from "./csv_fields.ts";
import { type Forecasts, forecastsFromLogits, forecastsFromProbabilities } from "./forecasts.ts";
import { growingArray } from "./growing_array.ts";
import { jsonRows } from "./json.ts";
import type { Reading } from "./reading.ts";
import { checkSameForm, type Labels, type PredictionRow, type ReadRow, rowChecker } from "./row.ts";

/** Predictions without labels, as a file of any framework has them. */
export interface UnlabelledFile {
  readonly ids?: readonly string[];
  readonly classes: number;
  /** The names of the classes in their order, where they have names. */
  readonly classNames?: readonly string[];
  /** Whether the values are logits or probabilities. */
  readonly form: "logits" | "probs";
  /** Row by row: that of class c for example i is at i · classes + c. [n × classes] */
  readonly values: Float64Array;
  /** [n] */
  readonly energies?: Float64Array;
}

/** Predictions of labelled examples, as a file of any framework has them. */
export interface PredictionFile extends UnlabelledFile {
  /** The true class of each example. [n] */
  readonly labels: Int32Array;
  /** The share of people who chose each class. [n × classes] */
  readonly votes?: Float64Array;
}

/**
 * Reads predictions of labelled examples: JSON Lines, `{"label": 1, "logits": [-0.3, 1.2]}` or with `probs`,
 * where the file begins with a brace, or else CSV (see `csvRows`); ids, energies and votes where the file has
 * them. Numbers go straight into arrays, and the text is never held as a whole, so that a file may have
 * millions of rows.
 *
 * @throws {InputError} at the first row that isn't such a one, or that has other fields or another number of
 * classes than the first; and where there is no row at all.
 */
export async function readPredictionFile(file: string, reading: Reading = {}): Promise<PredictionFile> {
  const { labels, votes, ...others } = await readRows(file, "labelled", reading);
  return { ...others, labels: Int32Array.from(labels), ...(votes ? { votes } : {}) };
}

/**
 * Reads predictions as {@link readPredictionFile} does, but of examples that need no labels: labels and votes
 * are ignored.
 *
 * @throws {InputError} as `readPredictionFile` does.
 */
export async function readUnlabelledFile(file: string): Promise<UnlabelledFile> {
  const { labels: _, votes: __, ...others } = await readRows(file, "unlabelled", {});
  return others;
}

/** Reads all rows of a file into arrays. */
async function readRows(file: string, labelling: Labels, reading: Reading) {
  const [labels, values, energies, votes] = [growingArray(), growingArray(), growingArray(), growingArray()];
  const ids: string[] = [];
  const checker = rowChecker(labelling, reading);
  let first: { readonly row: PredictionRow; readonly line: number } | undefined;
  for await (const batch of foundRows(file, labelling, reading)) {
    for (const { text, line, parse } of batch) {
      const at = { file, line };
      const row = checker.check(parse(text, at), at);
      first ??= { row, line };
      checkSameForm(row, first.row, at, first.line);
      values.append(row.values);
      if (row.id !== undefined) ids.push(row.id);
      if (row.label !== undefined) labels.append([row.label]);
      if (row.energy !== undefined) energies.append([row.energy]);
      if (row.votes !== undefined) votes.append(row.votes);
    }
  }
  if (!first) throw badRow({ file }, "no rows", "at least one prediction");
  const { row } = first;
  const classNames = checker.classNames();
  return {
    classes: row.values.length,
    ...(classNames ? { classNames } : {}),
    form: row.form,
    values: values.finish(),
    labels: labels.finish(),
    ...(row.id === undefined ? {} : { ids }),
    ...(row.energy === undefined ? {} : { energies: energies.finish() }),
    ...(row.votes === undefined ? {} : { votes: votes.finish() }),
  };
}

/** A row as text, with the number of its first line and the function that reads it. */
interface TextRow {
  readonly text: string;
  readonly line: number;
  readonly parse: ReadRow;
}

/** Longer rows are taken for the rest of a file in which a quote isn't closed. In UTF-16 code units. */
const longestRow = 2 ** 22;

/**
 * Finds the rows of a file, batch by batch: one a line, but for line ends in quoted fields of CSV. Empty
 * lines at the end are no rows.
 *
 * @throws {InputError} at an empty line between rows, and where a quote isn't closed.
 */
async function* foundRows(
  file: string,
  labelling: Labels,
  { columns, source }: Reading,
): AsyncGenerator<readonly TextRow[]> {
  let read: { readonly parse: ReadRow; readonly isCsv: boolean } | undefined;
  let open: { readonly text: string; readonly line: number } | undefined;
  let empty: number | undefined;
  let number = 0;
  for await (const batch of lineBatches(file, source)) {
    const rows: TextRow[] = [];
    for (const lineText of batch) {
      const line = open?.line ?? number + 1;
      number++;
      const text = open ? `${open.text}\n${lineText}` : lineText;
      if (!open && isBlank(text)) {
        empty ??= line;
        continue;
      }
      if (empty !== undefined) {
        throw badRow({ file, line: empty }, "an empty line", "a row, or the file's end");
      }
      const isCsv: boolean = read?.isCsv ?? !/^\s*[{[]/.test(text);
      open = isCsv && isUnfinished(text) ? { text, line } : undefined;
      if (open && text.length > longestRow) throw unclosed(file, line);
      if (open) continue;
      if (read) rows.push({ text, line, parse: read.parse });
      else if (isCsv) read = { isCsv, parse: csvRows(text, labelling, { file, line }, columns) };
      else {
        read = { isCsv, parse: jsonRows(columns) };
        rows.push({ text, line, parse: read.parse });
      }
    }
    yield rows;
  }
  if (open) throw unclosed(file, open.line);
}

/** Whether a line has nothing but white space. Most lines don't begin with any, so that this is fast. */
function isBlank(line: string): boolean {
  return line === "" || (line.charCodeAt(0) <= 32 && line.trim() === "");
}

function unclosed(file: string, line: number): InputError {
  const found = "quotes that don't match: a field that is never closed";
  return badRow({ file, line }, found, '"quoted ""fields""", closed in the same row');
}

/** Returns a file's probabilities: those given, or those that softmax makes of its logits. */
export function forecastsOf({ form, values, labels, classes }: PredictionFile): Forecasts {
  if (form === "probs") return forecastsFromProbabilities(values, labels, classes);
  return forecastsFromLogits({ logits: values, labels, classes });
}

/**
 * Returns a file's logits: those given, or the logarithms of its probabilities, where 0 is taken for the
 * smallest float64.
 */
export function logitsOf({ form, values }: UnlabelledFile): Float64Array {
  return form === "logits" ? values : values.map((value) => Math.log(Math.max(value, Number.MIN_VALUE)));
}
