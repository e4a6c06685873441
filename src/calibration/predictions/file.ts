import type { Location } from "../../errors.ts";
import { lineBatches } from "../../lines.ts";
import { type Forecasts, forecastsFromLogits, forecastsFromProbabilities } from "./forecasts.ts";
import { growingArray } from "./growing_array.ts";
import { csvRows } from "./csv.ts";
import { badRow, checkRow, checkSameForm, type PredictionRow, show } from "./row.ts";

/** Predictions as a file has them, of any framework; ids, energies and votes where it has them. */
export interface PredictionFile {
  readonly ids?: readonly string[];
  /** The true class of each example. [n] */
  readonly labels: Int32Array;
  readonly classes: number;
  /** What the values are. */
  readonly form: "logits" | "probs";
  /** Row by row. [n × classes] */
  readonly values: Float64Array;
  /** [n] */
  readonly energies?: Float64Array;
  /** The share of people who chose class 1. [n] */
  readonly votes?: Float64Array;
}

/**
 * Reads predictions, one a line: JSON Lines, `{"label": 1, "logits": [-0.3, 1.2]}` or with `probs`, or CSV where the
 * name ends in `.csv` (see `csvRows`). Numbers go straight into arrays, and the text is never held as a whole.
 *
 * @throws {InputError} at the first line that isn't such a row, or that has other fields or another number of
 * classes than the first; and where there is no row at all.
 */
export async function readPredictionFile(file: string): Promise<PredictionFile> {
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
        parse = csvRows(text, at);
        continue;
      }
      const row = parse(text, at);
      first ??= row;
      checkSameForm(row, first, at, firstLine);
      labels.append([row.label]);
      values.append(row.values);
      if (row.id !== undefined) ids.push(row.id);
      if (row.energy !== undefined) energies.append([row.energy]);
      if (row.votes !== undefined) votes.append([row.votes]);
    }
  }
  if (!first) throw badRow({ file }, "no rows", "at least one prediction");
  return {
    labels: Int32Array.from(labels.finish()),
    classes: first.values.length,
    form: first.form,
    values: values.finish(),
    ...(first.id === undefined ? {} : { ids }),
    ...(first.energy === undefined ? {} : { energies: energies.finish() }),
    ...(first.votes === undefined ? {} : { votes: votes.finish() }),
  };
}

/** Their probabilities: those given, or by softmax. */
export function forecastsOf({ form, values, labels, classes }: PredictionFile): Forecasts {
  if (form === "probs") return forecastsFromProbabilities(values, labels, classes);
  return forecastsFromLogits({ logits: values, labels, classes });
}

/** Their logits: those given, or the logarithms of probabilities, where 0 is taken for the smallest number there is. */
export function logitsOf({ form, values }: PredictionFile): Float64Array {
  return form === "logits" ? values : values.map((value) => Math.log(Math.max(value, Number.MIN_VALUE)));
}

function parseJson(line: string, at: Location): PredictionRow {
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
  return checkRow(value, at);
}
