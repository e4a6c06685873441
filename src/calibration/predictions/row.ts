import { InputError, type Location } from "../../errors.ts";
import { adviceOnColumns } from "./columns_advice.ts";
import { classesOption, type ClassNames, classOfLabel, namesOf, valuesByName } from "./classes.ts";
import type { Reading } from "./reading.ts";

/** One example's prediction, its numbers checked. */
export interface PredictionRow {
  readonly id: string | undefined;
  /** The true class; missing where labels aren't read. */
  readonly label: number | undefined;
  readonly form: "logits" | "probs";
  /** A number for each class. */
  readonly values: readonly number[];
  readonly energy: number | undefined;
  readonly votes: number | undefined;
}

/** One example's prediction as it was found, before anything of it is checked. */
export type FoundRow = Readonly<
  Partial<Record<"id" | "label" | "logits" | "probs" | "energy" | "votes", unknown>>
>;

/** Whether each row must have its true class; where not, labels and votes are ignored. */
export type Labels = "labelled" | "unlabelled";

/** How far from 1 the sum of a row's probabilities may be, because those of 16 bits are that inexact. */
const sumTolerance = 1e-3;

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
export function rowChecker(labels: Labels, { columns, classNames, normalize = false }: Reading): RowChecker {
  let classes: ClassNames | undefined = classNames && { names: classNames, ordered: true };
  const isNamed = columns?.logits !== undefined || columns?.probs !== undefined;
  const check = (found: FoundRow, at: Location): PredictionRow => {
    const { logits, probs, energy } = found;
    if (logits !== undefined && probs !== undefined) {
      throw badRow(at, "both logits and probs", "one of them: what is to be measured?");
    }
    const form = probs === undefined ? "logits" : "probs";
    if (normalize && form === "logits" && logits !== undefined) {
      throw badRow(at, "logits", "probabilities, which --normalize divides by their sum");
    }
    let given: unknown = probs ?? logits;
    if (given === undefined) {
      const expected = "a list with one number for each of two or more classes";
      throw badRow(at, "logits (missing)", expected, adviceOnColumns(Object.keys(found)));
    }
    if (isRecord(given)) given = valuesByName(given, classes ??= namesOf(given), form, at);
    else if (isNamed && !Array.isArray(given)) given = ofTwoClasses(given, form, at);
    const values = form === "logits" ? checkLogits(given, at) : checkProbabilities(given, normalize, at);
    if (classes && classes.names.length !== values.length) {
      throw badRow(at, `${values.length} ${form}`, `${classes.names.length}, one for each named class`);
    }
    const { label, votes } = labels === "labelled"
      ? checkTruth(found, values.length, classes, at)
      : { label: undefined, votes: undefined };
    if (energy !== undefined && !isFinite(energy)) {
      throw badRow(at, `energy ${show(energy)}`, "a finite number");
    }
    return { id: checkId(found.id, at), label, form, values, energy, votes };
  };
  return { check, classNames: () => classes?.names };
}

/** Returns an id as a text. Numbers are taken where they are exact, so that those of JSON and CSV agree. */
function checkId(id: unknown, at: Location): string | undefined {
  if (id === undefined || (typeof id === "string" && id !== "")) return id;
  if (Number.isSafeInteger(id)) return String(id);
  throw badRow(at, `id ${show(id)}`, "a text that names the row, or a whole number of up to 15 digits");
}

/** Returns the values of both classes, given that of class 1. */
function ofTwoClasses(value: unknown, form: "logits" | "probs", at: Location): readonly number[] {
  if (!isFinite(value)) {
    const fix = typeof value === "string" && value.startsWith("[")
      ? "A list in a field can't be read: give each class a column of its own, such as prob_0 and prob_1."
      : undefined;
    throw badRow(at, `${form} ${show(value)}`, "a finite number", fix);
  }
  if (form === "logits") return [0, value];
  if (!(value >= 0 && value <= 1 + sumTolerance)) {
    throw badRow(at, `probs ${show(value)}`, "a probability from 0 to 1");
  }
  const probability = Math.min(1, value);
  return [1 - probability, probability];
}

/** Checks the true class of a row, and the share of people who chose class 1. */
function checkTruth(
  { label: found, votes }: FoundRow,
  classes: number,
  named: ClassNames | undefined,
  at: Location,
) {
  const label = named ? classOfLabel(found, named, at) : found;
  if (typeof label !== "number" || !Number.isInteger(label) || label < 0 || label >= classes) {
    throw badRow(
      at,
      `label ${show(label)}`,
      `a class from 0 to ${classes - 1}`,
      adviceOnLabel(label, classes),
    );
  }
  if (votes !== undefined && !(isFinite(votes) && votes >= 0 && votes <= 1)) {
    throw badRow(at, `votes ${show(votes)}`, "a share from 0 to 1");
  }
  if (votes !== undefined && named?.ordered === false) {
    const fix = `Say which class is class 1: ${classesOption(named.names)}`;
    throw badRow(at, "votes on classes that have names", "an order of the classes", fix);
  }
  return { label, votes };
}

/** Says what to do about a label that is no number of a class, where its form tells what it may be. */
function adviceOnLabel(label: unknown, classes: number): string | undefined {
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

/** Says what is wrong with a row, and what to do or else how a right one looks. */
export function badRow(at: Location, found: string, expected: string, fix?: string): InputError {
  const ofCsv =
    "The header is label,logit_0,logit_1,… or label,prob_0,prob_1,…; id, energy and votes may be there too.";
  const ofJson =
    'A row is {"label": class, "logits": [number, …]} or has "probs"; id, energy and votes may be there too.';
  return new InputError({ at, found, expected, fix: fix ?? (/\.[ct]sv$/i.test(at.file) ? ofCsv : ofJson) });
}

/** Shows a value as it stood in the file, and only the beginning of a long one. */
export function show(value: unknown): string {
  if (value === undefined) return "(missing)";
  return (typeof value === "number" ? String(value) : JSON.stringify(value)).slice(0, 80);
}

function checkLogits(logits: unknown, at: Location): readonly number[] {
  const values = checkNumbers(logits, "logits", at);
  const wrong = values.findIndex((value) => !isFinite(value));
  if (wrong >= 0) throw badRow(at, `logits[${wrong}] ${show(values[wrong])}`, "a finite number");
  return values;
}

/**
 * Takes a probability that rounding put above 1 for 1; the others stay as they are, since bins depend on the
 * last digit, unless each row is to be divided by its sum.
 */
function checkProbabilities(probs: unknown, normalize: boolean, at: Location): readonly number[] {
  const values = checkNumbers(probs, "probs", at);
  const most = normalize ? Number.MAX_VALUE : 1 + sumTolerance;
  const wrong = values.findIndex((value) => !(isFinite(value) && value >= 0 && value <= most));
  const sum = values.reduce((total, one) => total + one, 0);
  if (wrong >= 0) {
    const expected = normalize ? "a number from 0" : "a probability from 0 to 1";
    const fix = Array.isArray(values[wrong])
      ? "Write each example as an object on a line of its own."
      : undefined;
    throw badRow(at, `probs[${wrong}] ${show(values[wrong])}`, expected, fix ?? adviceOnSum(sum));
  }
  if (normalize && sum > 0 && Number.isFinite(sum)) return values.map((value) => Math.min(1, value / sum));
  if (Math.abs(sum - 1) > sumTolerance) {
    throw badRow(
      at,
      `probabilities that sum to ${Number(sum.toPrecision(6))}`,
      normalize ? "a sum above 0" : "a sum of 1, to within 0.001",
      adviceOnSum(sum),
    );
  }
  return values.map((value) => Math.min(1, value));
}

/** Says what to do about probabilities by their sum: rounding and percentages can be put right. */
function adviceOnSum(sum: number): string | undefined {
  if (Math.abs(sum - 1) > sumTolerance && Math.abs(sum - 1) < 0.1) {
    return "If they were rounded, --normalize divides each row by its sum.";
  }
  if (Math.abs(sum - 100) < 10) return "If they are percentages, --normalize divides each row by its sum.";
  if (sum > 1) return "Probabilities of classes that don't exclude each other can't be measured together.";
  return undefined;
}

function checkNumbers(values: unknown, name: string, at: Location): readonly number[] {
  if (Array.isArray(values) && values.length >= 2) return values;
  const fix = isFinite(values)
    ? `If it is that of class 1 of two, so that class 0 has the rest, say so: --columns ${name}=${name}`
    : undefined;
  throw badRow(at, `${name} ${show(values)}`, "a list with one number for each of two or more classes", fix);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFinite(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
