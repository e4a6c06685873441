import { writeFile } from "node:fs/promises";
import { readPredictionFile } from "./file.ts";
import { badRow } from "./row.ts";

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
 * Reads what `writePredictions` wrote: one prediction a line, `{"id": "r1", "label": 1, "logits": [-0.3, 1.2]}`, with
 * `energy` and `votes` where there are some.
 *
 * @throws {InputError} as `readPredictionFile` does, and where there are no ids or no logits.
 */
export async function readPredictions(file: string): Promise<Predictions> {
  const { ids, form, values, ...others } = await readPredictionFile(file);
  const at = { file, line: 1 };
  if (!ids) throw badRow(at, "id (missing)", "a text that names the row");
  if (form !== "logits") throw badRow(at, form, "logits");
  return { ids, logits: values, ...others };
}

/** What a classifier said of texts that nobody labelled. */
export type UnlabelledPredictions = Pick<Predictions, "ids" | "logits" | "classes" | "energies">;

/** What several people, or one, said of a text. */
interface Labelled {
  readonly label: number;
  readonly votes?: number | undefined;
}

/** What a classifier said of these texts, as float64; energies where it gave some. Logits are [texts × classes]. */
export function unlabelled(
  texts: readonly { readonly id: string }[],
  { logits, energies }: { readonly logits: ArrayLike<number>; readonly energies: ArrayLike<number> },
  classes: number,
): UnlabelledPredictions {
  return {
    ids: texts.map(({ id }) => id),
    logits: Float64Array.from(logits),
    classes,
    ...(energies.length > 0 ? { energies: Float64Array.from(energies) } : {}),
  };
}

/** The labels of the texts that were predicted, and their votes where all have some. */
export function withLabels(predictions: UnlabelledPredictions, texts: readonly Labelled[]): Predictions {
  const votes = texts.flatMap((text) => text.votes ?? []);
  return {
    ...predictions,
    labels: Int32Array.from(texts, ({ label }) => label),
    ...(votes.length === texts.length ? { votes: Float64Array.from(votes) } : {}),
  };
}

/** Writes predictions without labels as JSON Lines: `{"id": "r1", "logits": [-0.3, 1.2]}`, with `energy` where there is one. */
export async function writeUnlabelled(file: string, predictions: UnlabelledPredictions): Promise<void> {
  const { ids, logits, classes, energies } = predictions;
  const lines = ids.map((id, index) => {
    const ofRow = Array.from(logits.subarray(index * classes, (index + 1) * classes));
    return `${JSON.stringify({ id, logits: ofRow, energy: energies?.[index] })}\n`;
  });
  await writeFile(file, lines.join(""));
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
