import type { Location } from "../../errors.ts";
import { lineBatches } from "../../lines.ts";
import { csvRows } from "./csv.ts";
import { type Forecasts, forecastsFromLogits, forecastsFromProbabilities } from "./forecasts.ts";
import { growingArray } from "./growing_array.ts";
import { badRow, checkRow, checkSameForm, type Labels, type PredictionRow, show } from "./row.ts";

/** Predictions without labels, as a file of any framework has them. */
export interface UnlabelledFile {
  readonly ids?: readonly string[];
  readonly classes: number;
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
  /** The share of people who chose class 1. [n] */
  readonly votes?: Float64Array;
}

/**
 * Reads predictions of labelled examples, one a line: JSON Lines, `{"label": 1, "logits": [-0.3, 1.2]}` or
 * with `probs`, or CSV where the name ends in `.csv` (see `csvRows`); ids, energies and votes where the file
 * has them. Numbers go straight into arrays, and the text is never held as a whole, so that a file may have
 * millions of rows.
 *
 * @throws {InputError} at the first line that isn't such a row, or that has other fields or another number of
 * classes than the first; and where there is no row at all.
 */
export async function readPredictionFile(file: string): Promise<PredictionFile> {
  const { labels, votes, ...others } = await readRows(file, "labelled");
  return { ...others, labels: Int32Array.from(labels), ...(votes ? { votes } : {}) };
}

/**
 * Reads predictions as {@link readPredictionFile} does, but of examples that need no labels: labels and votes
 * are ignored.
 *
 * @throws {InputError} as `readPredictionFile` does.
 */
export async function readUnlabelledFile(file: string): Promise<UnlabelledFile> {
  const { labels: _, votes: __, ...others } = await readRows(file, "unlabelled");
  return others;
}

/** Reads all rows of a file into arrays. */
async function readRows(file: string, labelling: Labels) {
  const [labels, values, energies, votes] = [growingArray(), growingArray(), growingArray(), growingArray()];
  const ids: string[] = [];
  const isCsv = file.endsWith(".csv");
  const firstLine = isCsv ? 2 : 1;
  let parse = isCsv ? undefined : parseJson;
  let first: PredictionRow | undefined;
  let line = 0;
  for await (const batch of lineBatches(file)) {
    for (const text of batch) {
      const at = { file, line: ++line };
      if (!parse) {
        parse = csvRows(text, labelling, at);
        continue;
      }
      const row = checkRow(parse(text, at), labelling, at);
      first ??= row;
      checkSameForm(row, first, at, firstLine);
      values.append(row.values);
      if (row.id !== undefined) ids.push(row.id);
      if (row.label !== undefined) labels.append([row.label]);
      if (row.energy !== undefined) energies.append([row.energy]);
      if (row.votes !== undefined) votes.append([row.votes]);
    }
  }
  if (!first) throw badRow({ file }, "no rows", "at least one prediction");
  return {
    classes: first.values.length,
    form: first.form,
    values: values.finish(),
    labels: labels.finish(),
    ...(first.id === undefined ? {} : { ids }),
    ...(first.energy === undefined ? {} : { energies: energies.finish() }),
    ...(first.votes === undefined ? {} : { votes: votes.finish() }),
  };
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

function parseJson(line: string, at: Location): object {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badRow(at, `a line that is not JSON (${reason})`, "one JSON object a line");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw badRow(at, show(value), "one JSON object a line");
}
