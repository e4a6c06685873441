import { InputError, type Location } from "../../errors.ts";

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

/**
 * Checks a row by hand and not with a schema, because a file has up to millions of rows.
 *
 * @throws {InputError} where a field is missing or isn't what it should be.
 */
export function checkRow(found: FoundRow, labels: Labels, at: Location): PredictionRow {
  const { id, logits, probs, energy } = found;
  if (id !== undefined && (typeof id !== "string" || id === "")) {
    throw badRow(at, `id ${show(id)}`, "a text that names the row");
  }
  if (logits !== undefined && probs !== undefined) {
    throw badRow(at, "both logits and probs", "one of them: what is to be measured?");
  }
  const form = probs === undefined ? "logits" : "probs";
  const values = form === "logits" ? checkLogits(logits, at) : checkProbabilities(probs, at);
  const { label, votes } = labels === "labelled"
    ? checkTruth(found, values.length, at)
    : { label: undefined, votes: undefined };
  if (energy !== undefined && !isFinite(energy)) {
    throw badRow(at, `energy ${show(energy)}`, "a finite number");
  }
  return { id, label, form, values, energy, votes };
}

/** Checks the true class of a row, and the share of people who chose class 1. */
function checkTruth({ label, votes }: FoundRow, classes: number, at: Location) {
  if (typeof label !== "number" || !Number.isInteger(label) || label < 0 || label >= classes) {
    throw badRow(at, `label ${show(label)}`, `a class from 0 to ${classes - 1}`);
  }
  if (votes !== undefined && !(isFinite(votes) && votes >= 0 && votes <= 1)) {
    throw badRow(at, `votes ${show(votes)}`, "a share from 0 to 1");
  }
  return { label, votes };
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

/** Says what is wrong with a row, and shows how a right one looks. */
export function badRow(at: Location, found: string, expected: string): InputError {
  const fix = at.file.endsWith(".csv")
    ? "The header is label,logit_0,logit_1,… or label,prob_0,prob_1,…; id, energy and votes may be there too."
    : 'A row is {"label": class, "logits": [number, …]} or has "probs"; id, energy and votes may be there too.';
  return new InputError({ at, found, expected, fix });
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
 * last digit.
 */
function checkProbabilities(probs: unknown, at: Location): readonly number[] {
  const values = checkNumbers(probs, "probs", at);
  const wrong = values.findIndex((value) => !(isFinite(value) && value >= 0 && value <= 1 + sumTolerance));
  if (wrong >= 0) throw badRow(at, `probs[${wrong}] ${show(values[wrong])}`, "a probability from 0 to 1");
  const sum = values.reduce((total, one) => total + one, 0);
  if (Math.abs(sum - 1) > sumTolerance) {
    throw badRow(
      at,
      `probabilities that sum to ${Number(sum.toPrecision(6))}`,
      "a sum of 1, to within 0.001",
    );
  }
  return values.map((value) => Math.min(1, value));
}

function checkNumbers(values: unknown, name: string, at: Location): readonly number[] {
  if (Array.isArray(values) && values.length >= 2) return values;
  throw badRow(at, `${name} ${show(values)}`, "a list with one number for each of two or more classes");
}

function isFinite(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
