import { writeFile } from "node:fs/promises";
import { InputError } from "../../errors.ts";
import { badRow } from "./bad_row.ts";
import type { Predictions, UnlabelledPredictions } from "./classified.ts";
import { readPredictionFile, readUnlabelledFile, type UnlabelledFile } from "./file.ts";
import { writtenVotes } from "./votes.ts";

/**
 * Reads what `writePredictions` wrote: one prediction a line, `{"id": "r1", "label": 1, "logits": [-0.3,
 * 1.2]}`, with `energy` and `votes` where there are some.
 *
 * @throws {InputError} as `readPredictionFile` does, and where there are no ids or no logits.
 */
export async function readPredictions(file: string): Promise<Predictions> {
  return await writtenByStage(async () => withIdsAndLogits(await readPredictionFile(file), file));
}

/**
 * Reads what `writeUnlabelled` wrote. It also reads labelled predictions, and ignores their labels.
 *
 * @throws {InputError} as `readPredictions` does.
 */
export async function readUnlabelled(file: string): Promise<UnlabelledPredictions> {
  return await writtenByStage(async () => withIdsAndLogits(await readUnlabelledFile(file), file));
}

/** Writes predictions as JSON Lines, one example a line, in the form that `readPredictions` reads. */
export async function writePredictions(file: string, predictions: Predictions): Promise<void> {
  const { ids, labels, classes, energies, votes } = predictions;
  const rows = ids.map((id, row) => ({
    id,
    label: labels[row],
    logits: logitsOfRow(predictions, row),
    energy: energies?.[row],
    votes: votes && writtenVotes(votes, row, classes),
  }));
  await writeLines(file, rows);
}

/**
 * Writes predictions without labels as JSON Lines: `{"id": "r1", "logits": [-0.3, 1.2]}`, with `energy` where
 * there is one.
 */
export async function writeUnlabelled(file: string, predictions: UnlabelledPredictions): Promise<void> {
  const { ids, energies } = predictions;
  const rows = ids.map((id, row) => ({
    id,
    logits: logitsOfRow(predictions, row),
    energy: energies?.[row],
  }));
  await writeLines(file, rows);
}

function logitsOfRow({ logits, classes }: UnlabelledPredictions, row: number): number[] {
  return Array.from(logits.subarray(row * classes, (row + 1) * classes));
}

async function writeLines(file: string, rows: readonly object[]): Promise<void> {
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

/** @throws {InputError} where a file has no ids, or probabilities instead of logits. */
function withIdsAndLogits<Kind extends UnlabelledFile>({ ids, form, values, ...others }: Kind, file: string) {
  const at = { file, line: 1 };
  if (!ids) throw badRow(at, "id (missing)", "a text that names the row");
  if (form !== "logits") throw badRow(at, form, "logits");
  return { ...others, ids, logits: values };
}

/** Says of a file that can't be used what to do about it: nobody edits what a stage wrote. */
async function writtenByStage<Value>(read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError({ ...cause.mistake, fix: "Run the stage that wrote it again with --force." }, {
      cause,
    });
  }
}
