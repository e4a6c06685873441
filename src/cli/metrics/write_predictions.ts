import { forecastsOf, type PredictionFile } from "../../calibration/predictions/file.ts";
import { writtenVotes } from "../../calibration/predictions/votes.ts";
import { writing } from "../program/system_error.ts";
import { writeAll } from "../../write_all.ts";

/** How many rows are written at a time. */
const batch = 4096;

/**
 * Writes predictions as JSON Lines: the probabilities of the classes, by name where they have names, beside
 * the id, label, energy and votes that the file had.
 *
 * @throws {InputError} where the path can't be written.
 */
export function writeProbabilities(path: string, predictions: PredictionFile): void {
  const { ids, labels, classes, classNames, energies, votes } = predictions;
  const { probabilities } = forecastsOf(predictions);
  const line = (row: number) => {
    const probs = [...probabilities.subarray(row * classes, (row + 1) * classes)];
    return JSON.stringify({
      id: ids?.[row],
      label: classNames?.[labels[row]] ?? labels[row],
      probs: classNames ? Object.fromEntries(probs.map((one, c) => [classNames[c], one])) : probs,
      energy: energies?.[row],
      votes: votes && writtenVotes(votes, row, classes),
    });
  };
  writing(path, () => {
    using file = Deno.openSync(path, { write: true, create: true, truncate: true });
    for (let start = 0; start < labels.length; start += batch) {
      const rows = Array.from(
        { length: Math.min(batch, labels.length - start) },
        (_, at) => line(start + at),
      );
      writeAll(file, rows.map((row) => `${row}\n`).join(""));
    }
  });
}
