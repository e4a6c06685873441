import { InputError, type Location } from "../../errors.ts";

/** What is known of one example, its numbers checked. */
export interface PredictionRow {
  readonly id?: string;
  readonly label: number;
  readonly form: "logits" | "probs";
  /** A number for each class. */
  readonly values: readonly number[];
  readonly energy?: number;
  readonly votes?: number;
}

/** What was found, before it is checked. */
export type FoundRow = Readonly<
  Partial<Record<"id" | "label" | "logits" | "probs" | "energy" | "votes", unknown>>
>;

/** How far from 1 a row of probabilities may sum, as those of 16 bits do. */
const sumTolerance = 1e-3;

/**
 * Checks by hand and not with a schema: no other file has as many rows, up to millions.
 *
 * @throws {InputError}
 */
export function checkRow({ id, label, logits, probs, energy, votes }: FoundRow, at: Location): PredictionRow {
  if (id !== undefined && (typeof id !== "string" || id === "")) {
    throw badRow(at, `id ${show(id)}`, "a text that names the row");
  }
  if (logits !== undefined && probs !== undefined) {
    throw badRow(at, "both logits and probs", "one of them: what is to be measured?");
  }
  const form = probs === undefined ? "logits" : "probs";
  const values = form === "logits" ? checkLogits(logits, at) : checkProbabilities(probs, at);
  if (typeof label !== "number" || !Number.isInteger(label) || label < 0 || label >= values.length) {
    throw badRow(at, `label ${show(label)}`, `a class from 0 to ${values.length - 1}`);
  }
  if (energy !== undefined && !isFinite(energy)) {
    throw badRow(at, `energy ${show(energy)}`, "a finite number");
  }
  if (votes !== undefined && !(isFinite(votes) && votes >= 0 && votes <= 1)) {
    throw badRow(at, `votes ${show(votes)}`, "a share from 0 to 1");
  }
  return { id, label, form, values, energy, votes };
}

/** @throws {InputError} where a row has other fields, or another number of classes, than the first one of its file. */
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

/** What is wrong with a row, and how one looks. */
export function badRow(at: Location, found: string, expected: string): InputError {
  const fix = at.file.endsWith(".csv")
    ? "The header is label,logit_0,logit_1,… or label,prob_0,prob_1,…; id, energy and votes may be there too."
    : 'A row is {"label": class, "logits": [number, …]} or has "probs"; id, energy and votes may be there too.';
  return new InputError({ at, found, expected, fix });
}

/** A value as it stood in the file, the beginning of a long one. */
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

/** Those that rounding put above 1 are 1; others stay as they are, since bins depend on the last digit. */
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
