import type { Location } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import { badRow, show } from "./bad_row.ts";
import { adviceOnColumns } from "./columns_advice.ts";
import { fieldsOf, separatorOf } from "./csv_fields.ts";
import type { ColumnNames, FieldName } from "./reading.ts";
import type { Labels, ReadRow } from "./row.ts";

/** The columns that hold the classes' numbers. */
interface ClassColumns {
  readonly form: "logits" | "probs";
  /** The column of each class, or the single one of class 1 of two. */
  readonly columns: readonly number[];
  /** The names of the classes, where the columns have them: `prob_neg`, `prob_pos`. */
  readonly classNames?: readonly string[];
}

/**
 * Reads the header of a CSV file of predictions: `label,logit_0,logit_1` or `label,prob_0,prob_1`, in any
 * order, and `id`, `energy` and, of two classes, `votes` where there are some. Classes may have names instead
 * of numbers. Other columns are ignored. Fields are separated by commas, semicolons or tabs; between
 * semicolons, numbers may have decimal commas.
 *
 * @param named The columns that have other names.
 * @returns a function that reads one of the rows below the header
 * @throws {InputError} where a column is missing, there are two of a name, or one holds votes on more classes
 * than two.
 */
export function csvRows(header: string, labels: Labels, at: Location, named: ColumnNames = {}): ReadRow {
  const separator = separatorOf(header);
  const names = fieldsOf(header, separator, at).map((name) => name.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw badRow(at, `two columns ${show(twice)}`, "names that differ");
  const { form, columns, classNames } = classColumns(names, named, at);
  const [id, label, energy, votes] = (["id", "label", "energy", "votes"] as const).map((field) =>
    columnOf(names, field, named, at)
  );
  if (labels === "labelled" && label < 0) {
    const expected = "the true class of each row";
    throw badRow(at, `no column "label" in ${show(header)}`, expected, adviceOnColumns(names));
  }
  if (labels === "labelled" && votes >= 0 && columns.length > 2) {
    const found = `votes on ${columns.length} classes in the column ${show(names[votes])}`;
    const fix = "Write the rows as JSON Lines, or give the column another name if it isn't such votes.";
    throw badRow(at, found, "two classes, since CSV has no place for a list", fix);
  }
  const valueOf = separator === ";" ? numberWithComma : numberOf;
  return (row, at) => {
    const fields = fieldsOf(row, separator, at);
    if (fields.length !== names.length) {
      throw badRow(at, `${fields.length} fields`, `${names.length}, as in the header`);
    }
    const value = (column: number) => column < 0 ? undefined : valueOf(fields[column]);
    const values = columns.map((column) => valueOf(fields[column]));
    return {
      // Copied, because a part of a text keeps the whole text in memory.
      id: id < 0 ? undefined : JSON.parse(JSON.stringify(fields[id])),
      label: value(label),
      [form]: classNames ? Object.fromEntries(values.map((one, c) => [classNames[c], one])) : single(values),
      energy: value(energy),
      votes: value(votes),
    };
  };
}

/** Returns a single value as such, and several as they are. */
function single(values: readonly unknown[]): unknown {
  return values.length === 1 ? values[0] : values;
}

/** Finds the column of a field; −1 where there is none. */
function columnOf(names: readonly string[], field: FieldName, named: ColumnNames, at: Location): number {
  const other = named[field]?.[0];
  if (other !== undefined) return namedColumn(names, other, at);
  const exact = names.indexOf(field);
  if (exact >= 0 || field !== "label") return exact;
  return names.findIndex((name) => name.toLowerCase() === field);
}

function namedColumn(names: readonly string[], name: string, at: Location): number {
  const column = names.indexOf(name);
  if (column >= 0) return column;
  const shown = names.slice(0, 8).map((one) => one.slice(0, 16));
  throw badRow(at, `no column ${show(name)}`, "the columns that --columns names", suggestion(name, shown));
}

function classColumns(
  names: readonly string[],
  named: ColumnNames,
  at: Location,
): ClassColumns {
  for (const form of ["logits", "probs"] as const) {
    const columns = named[form]?.map((name) => namedColumn(names, name, at));
    if (columns) return { form, columns };
  }
  const flags = names.some((name) => /^(logit|prob)_\d+$/.test(name)) ? "" : "i";
  const [logits, probs] = (["logit", "prob"] as const).map((prefix) =>
    numberedColumns(names, prefix, flags, at)
  );
  if (logits && probs) {
    throw badRow(at, "columns of logits and of probabilities", "logits, or probabilities");
  }
  const found = logits ?? probs ?? namedClasses(names, "logit") ?? namedClasses(names, "prob");
  if (!found) {
    const isHeader = names.some((name) => typeof numberOf(name) === "string");
    const missing = isHeader
      ? "no column logit_0 or prob_0"
      : `a first line of numbers, ${show(names.join())}`;
    const expected = isHeader ? "logits, or probabilities" : "a header that names the columns";
    throw badRow(at, missing, expected, isHeader ? adviceOnColumns(names) : undefined);
  }
  if (found.columns.length > 1) return found;
  const name = names[found.columns[0]];
  const fix = /_0+$/.test(name)
    ? `Add a column ${name.replace(/0+$/, "1")} for class 1.`
    : adviceOnColumns(names);
  throw badRow(at, `the column ${show(name)} alone`, "one for each class", fix);
}

/**
 * Finds the columns of classes 0, 1, …, whose numbers may be padded with zeros.
 *
 * @param flags "i" where the names may be in capitals.
 * @throws {InputError} where a class has none.
 */
function numberedColumns(
  names: readonly string[],
  prefix: "logit" | "prob",
  flags: "" | "i",
  at: Location,
): ClassColumns | undefined {
  const pattern = new RegExp(`^${prefix}_\\d+$`, flags);
  const columns = [...names.keys()].filter((column) => pattern.test(names[column]));
  if (columns.length === 0) return undefined;
  const form = `${prefix}s` as const;
  if (columns.length === 1) return { form, columns };
  const numbered = columns.map((column) => ({
    column,
    number: Number(names[column].slice(prefix.length + 1)),
  }))
    .sort((a, b) => a.number - b.number);
  const missing = numbered.findIndex(({ number }, c) => number !== c);
  if (missing < 0) return { form, columns: numbered.map(({ column }) => column) };
  const all = numbered.map(({ column }) => names[column]).join();
  const numbers = numbered.map(({ number }) => number).join();
  throw badRow(
    at,
    `no column ${prefix}_${missing}`,
    `one for each of ${columns.length} classes, from 0`,
    columns.length > 8
      ? undefined
      : `If these are all: --columns ${form}=${all} and, if labels are numbered like them, --classes ${numbers}`,
  );
}

/** Finds the columns of classes that have names, such as `prob_neg` and `prob_pos`. */
function namedClasses(names: readonly string[], prefix: "logit" | "prob"): ClassColumns | undefined {
  const columns = [...names.keys()].filter((column) => names[column].startsWith(`${prefix}_`));
  if (columns.length === 0) return undefined;
  const classNames = columns.map((column) => names[column].slice(prefix.length + 1));
  return { form: `${prefix}s`, columns, classNames };
}

/** Reads a number; a field that is none stays a text, which every check refuses and shows. */
function numberOf(field: string): unknown {
  const value = field.trim() === "" ? NaN : Number(field);
  return Number.isNaN(value) ? field.trim().slice(0, 100) : value;
}

/** Reads a number that may have a decimal comma. */
function numberWithComma(field: string): unknown {
  return /^\s*[-+]?\d*,\d+(e[-+]?\d+)?\s*$/i.test(field) ? Number(field.replace(",", ".")) : numberOf(field);
}
