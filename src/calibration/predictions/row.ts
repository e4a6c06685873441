import type { Location } from "../../errors.ts";
import { badRow, show } from "./bad_row.ts";
import { adviceOnColumns, adviceOnLabelColumn } from "./columns_advice.ts";
import { classesOption, type ClassNames, classOfLabel, namesOf, valuesByName } from "./classes.ts";
import type { Reading } from "./reading.ts";
import { checkLogits, checkProbabilities, isFinite, ofTwoClasses } from "./values.ts";
import { checkVotes } from "./votes.ts";

/** One example's prediction, its numbers checked. */
export interface PredictionRow {
  readonly id: string | undefined;
  /** The true class; missing where labels aren't read. */
  readonly label: number | undefined;
  readonly form: "logits" | "probs";
  /** A number for each class. */
  readonly values: readonly number[];
  readonly energy: number | undefined;
  /** The share of people who chose each class. */
  readonly votes: readonly number[] | undefined;
}

/** One example's prediction as it was found, before anything of it is checked. */
export type FoundRow = Readonly<
  Partial<Record<"id" | "label" | "logits" | "probs" | "energy" | "votes", unknown>>
>;

/** Reads a row's text. */
export type ReadRow = (text: string, at: Location) => FoundRow;

/** Whether each row must have its true class; where not, labels and votes are ignored. */
export type Labels = "labelled" | "unlabelled";

/** Checks the rows of one file. */
export interface RowChecker {
  /** @throws {InputError} where a field is missing or isn't what it should be. */
  check(found: FoundRow, at: Location): PredictionRow;
  /** The names of the classes in their order, where they have names; known from the first row on. */
  classNames(): readonly string[] | undefined;
}

/**
 * Makes a checker of rows. It works by hand and not with a schema, because a file has up to millions of rows.
 */
export function rowChecker(labels: Labels, reading: Reading): RowChecker {
  const { classNames } = reading;
  let classes: ClassNames | undefined = classNames && { names: classNames, ordered: true };
  let first: { readonly isByName: boolean } | undefined;
  const check = (found: FoundRow, at: Location): PredictionRow => {
    const { form, given } = givenValues(found, reading, at);
    const isByName = isRecord(given);
    first ??= { isByName };
    if (!classNames && isByName !== first.isByName) {
      const [here, there] = isByName ? ["by name", "in a list"] : ["in a list", "by name"];
      throw badRow(at, `${form} ${here}`, `${there}, as in the first row`);
    }
    const list = isByName ? valuesByName(given, classes ??= namesOf(given), form, at) : given;
    const values = form === "logits"
      ? checkLogits(list, at)
      : checkProbabilities(list, reading.normalize ?? false, at);
    if (classes && classes.names.length !== values.length) {
      throw badRow(at, `${values.length} ${form}`, `${classes.names.length}, one for each named class`);
    }
    const { label, votes } = labels === "labelled"
      ? checkTruth(found, values.length, classes, at)
      : { label: undefined, votes: undefined };
    const { energy } = found;
    if (energy !== undefined && !isFinite(energy)) {
      throw badRow(at, `energy ${show(energy)}`, "a finite number");
    }
    return { id: checkId(found.id, at), label, form, values, energy, votes };
  };
  return { check, classNames: () => classes?.names };
}

/** Returns what a row has for its classes: a list, or an object with their names. */
function givenValues(found: FoundRow, { columns, normalize }: Reading, at: Location) {
  const { logits, probs } = found;
  if (logits !== undefined && probs !== undefined) {
    throw badRow(at, "both logits and probs", "one of them: what is to be measured?");
  }
  const form = probs === undefined ? "logits" : "probs";
  const given = probs ?? logits;
  if (given === undefined) {
    const expected = "a list with one number for each of two or more classes";
    throw badRow(at, "logits (missing)", expected, adviceOnColumns(Object.keys(found)));
  }
  if (normalize && form === "logits") {
    throw badRow(at, "logits", "probabilities, which --normalize divides by their sum");
  }
  const isSingle = columns?.[form] !== undefined && !Array.isArray(given) && !isRecord(given);
  return { form, given: isSingle ? ofTwoClasses(given, form, at) : given } as const;
}

/** Returns an id as a text. Numbers are taken where they are exact, so that those of JSON and CSV agree. */
function checkId(id: unknown, at: Location): string | undefined {
  if (id === undefined || (typeof id === "string" && id !== "")) return id;
  if (Number.isSafeInteger(id)) return String(id);
  throw badRow(at, `id ${show(id)}`, "a text that names the row, or a whole number of up to 15 digits");
}

/** Checks the true class of a row, and the votes of people. */
function checkTruth(
  row: FoundRow,
  classes: number,
  named: ClassNames | undefined,
  at: Location,
) {
  const { label: found, votes } = row;
  if (found === undefined) {
    throw badRow(at, "label (missing)", "the true class", adviceOnLabelColumn(Object.keys(row)));
  }
  const label = named ? classOfLabel(found, named, at) : found;
  if (typeof label !== "number" || !Number.isInteger(label) || label < 0 || label >= classes) {
    throw badRow(
      at,
      `label ${show(label)}`,
      `a class from 0 to ${classes - 1}`,
      adviceOnLabel(label, classes),
    );
  }
  if (votes === undefined) return { label, votes };
  const shares = checkVotes(votes, classes, at);
  if (named?.ordered !== false) return { label, votes: shares };
  const fix = `Say which class is class 0, 1 and so on: ${classesOption(named.names)}`;
  throw badRow(at, "votes on classes that have names", "an order of the classes", fix);
}

/** Says what to do about a label that is no number of a class, where its form tells what it may be. */
function adviceOnLabel(label: unknown, classes: number): string | undefined {
  if (typeof label === "object") return undefined; // which isn't written as a text, however deep it may be
  const [truth] = String(label).match(/^(true|false)$/i) ?? [];
  if (truth !== undefined) {
    const names = truth === truth.toLowerCase()
      ? "false,true"
      : truth === truth.toUpperCase()
      ? "FALSE,TRUE"
      : "False,True";
    return `If labels are truth values, say so: --classes ${names}`;
  }
  if (typeof label === "string" && Number.isNaN(Number(label))) {
    return `If labels are names, give those of all ${classes} classes in their order: --classes NAME,NAME,…`;
  }
  if (typeof label === "number" && label < 0) return "Leave out rows that have no label.";
  if (label === classes) {
    return "If labels are numbered from 1, give the numbers of all classes in their order: --classes 1,2,…";
  }
  return undefined;
}

/**
 * @throws {InputError} where a row has other fields, or another number of classes, than the first row of its
 * file.
 */
export function checkSameForm(
  row: PredictionRow,
  first: PredictionRow,
  at: Location,
  firstLine: number,
): void {
  if (row.form !== first.form) throw badRow(at, row.form, `${first.form}, as in line ${firstLine}`);
  if (row.values.length !== first.values.length) {
    const expected = `${first.values.length}, as in line ${firstLine}`;
    throw badRow(at, `${row.values.length} ${row.form}`, expected);
  }
  for (const field of ["id", "energy", "votes"] as const) {
    const has = row[field] !== undefined;
    if (has === (first[field] !== undefined)) continue;
    throw badRow(at, `${has ? "" : "no "}${field}`, "every row to have it, or none");
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
