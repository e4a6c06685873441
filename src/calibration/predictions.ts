import { writeFile } from "node:fs/promises";
import { readLines } from "../lines.ts";
import { InputError, type Location } from "../errors.ts";

/** What a classifier said of n labelled examples, in the examples' order. */
export interface Predictions {
  readonly ids: readonly string[];
  /** The true class of each example. [n] */
  readonly labels: Int32Array;
  /** Row by row: the logit of class c for example i is at i · classes + c. [n × classes] */
  readonly logits: Float64Array;
  readonly classes: number;
  /** E(x) of each example, where the classifier has an energy. [n] */
  readonly energies?: Float64Array;
  /** The share of people who chose class 1, where several people judged each example. [n] */
  readonly votes?: Float64Array;
}

/** One line of the file. */
interface PredictionRow {
  readonly id: string;
  readonly label: number;
  readonly logits: readonly number[];
  readonly energy?: number;
  readonly votes?: number;
}

/**
 * Reads predictions from JSON Lines, one a line: `{"id": "r1", "label": 1, "logits": [-0.3, 1.2]}`, with
 * `energy` and `votes` where there are some.
 *
 * @throws {InputError} at the first line that isn't such a row, or that disagrees with the first in the
 * number of logits or in having an energy or votes; and where there is no row at all.
 */
export async function readPredictions(file: string): Promise<Predictions> {
  const lines = await readLines(file);
  const rows = lines.map((line, index) => parseRow(line, { file, line: index + 1 }));
  if (rows.length === 0) throw badRow({ file }, "no rows", "at least one prediction");
  const [first] = rows;
  rows.forEach((row, index) => checkSameForm(row, first, { file, line: index + 1 }));
  return {
    ids: rows.map(({ id }) => id),
    labels: Int32Array.from(rows, ({ label }) => label),
    logits: Float64Array.from(rows.flatMap(({ logits }) => logits)),
    classes: first.logits.length,
    ...(first.energy === undefined
      ? {}
      : { energies: Float64Array.from(rows, ({ energy }) => energy ?? NaN) }),
    ...(first.votes === undefined ? {} : { votes: Float64Array.from(rows, ({ votes }) => votes ?? NaN) }),
  };
}

/** Writes predictions as JSON Lines, one example a line, in the form that `readPredictions` reads. */
export async function writePredictions(file: string, predictions: Predictions): Promise<void> {
  const { ids, labels, logits, classes, energies, votes } = predictions;
  const lines = ids.map((id, index) => {
    const row: PredictionRow = {
      id,
      label: labels[index],
      logits: Array.from(logits.subarray(index * classes, (index + 1) * classes)),
      ...(energies ? { energy: energies[index] } : {}),
      ...(votes ? { votes: votes[index] } : {}),
    };
    return `${JSON.stringify(row)}\n`;
  });
  await writeFile(file, lines.join(""));
}

/** Checks by hand and not with a schema: no other file has as many rows, up to millions. */
function parseRow(line: string, at: Location): PredictionRow {
  const row = parseObject(line, at);
  const { id, label, logits, energy, votes } = row;
  if (typeof id !== "string" || id === "") throw badRow(at, `id ${show(id)}`, "a text that names the row");
  if (!Array.isArray(logits) || logits.length < 2) {
    throw badRow(at, `logits ${show(logits)}`, "a list with one number for each of two or more classes");
  }
  const wrong = logits.findIndex((logit) => !isFinite(logit));
  if (wrong >= 0) throw badRow(at, `logits[${wrong}] ${show(logits[wrong])}`, "a finite number");
  if (typeof label !== "number" || !Number.isInteger(label) || label < 0 || label >= logits.length) {
    throw badRow(at, `label ${show(label)}`, `a class from 0 to ${logits.length - 1}`);
  }
  if (energy !== undefined && !isFinite(energy)) {
    throw badRow(at, `energy ${show(energy)}`, "a finite number");
  }
  if (votes !== undefined && !(isFinite(votes) && votes >= 0 && votes <= 1)) {
    throw badRow(at, `votes ${show(votes)}`, "a share from 0 to 1");
  }
  return { id, label, logits, energy, votes };
}

function parseObject(line: string, at: Location): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badRow(at, `a line that is not JSON (${reason})`, "one JSON object a line");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badRow(at, show(value), "one JSON object a line");
  }
  return { ...value };
}

function checkSameForm(row: PredictionRow, first: PredictionRow, at: Location): void {
  if (row.logits.length !== first.logits.length) {
    throw badRow(at, `${row.logits.length} logits`, `${first.logits.length}, as in line 1`);
  }
  for (const field of ["energy", "votes"] as const) {
    const [has, firstHas] = [row, first].map((each) => each[field] !== undefined);
    if (has !== firstHas) throw badRow(at, `${has ? "" : "no "}${field}`, "every row to have it, or none");
  }
}

function badRow(at: Location, found: string, expected: string): InputError {
  const fix = 'A row is {"id": text, "label": class, "logits": [number, …]}; energy and votes may follow.';
  return new InputError({ at, found, expected, fix });
}

function isFinite(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function show(value: unknown): string {
  return value === undefined ? "(missing)" : JSON.stringify(value).slice(0, 80);
}
