import { join } from "node:path";
import { normalised } from "./near_duplicates.ts";
import { type NoiseRow, writeJsonLines } from "./rows.ts";
import type { SplitName } from "./splits.ts";

/** A row of the source that is in no split, and why. */
export type DroppedRow =
  | {
    readonly id: string;
    readonly reason: "same words as a row of the dev files" | "near duplicate of a row of the dev files";
    /** The row of the dev files that it resembles most. */
    readonly of: string;
    /**
     * The Jaccard similarity of both rows' sets of words. It is below 0.8 where they resemble each other only
     * through other rows of their group.
     */
    readonly similarity: number;
  }
  | { readonly id: string; readonly reason: "maxRows"; readonly split: SplitName };

/** Of a huge group no more of the rows of the dev files are looked at. */
const mostCompared = 100;

/** Says which row of the dev files a dropped row resembles most, of those in its group. */
export function droppedFor(row: NoiseRow, devRows: readonly NoiseRow[]): DroppedRow {
  const words = wordsOf(row);
  let [of, most] = [devRows[0].id, -1];
  for (const dev of devRows.slice(0, mostCompared)) {
    const others = wordsOf(dev);
    const similarity = words.intersection(others).size / words.union(others).size;
    if (similarity > most) [of, most] = [dev.id, similarity];
  }
  const reason = most === 1
    ? "same words as a row of the dev files"
    : "near duplicate of a row of the dev files";
  return { id: row.id, reason, of, similarity: most };
}

/** Writes `dropped.jsonl` of a prepared data set. */
export async function writeDropped(folder: string, dropped: readonly DroppedRow[]): Promise<void> {
  await writeJsonLines(join(folder, "dropped.jsonl"), dropped);
}

function wordsOf(row: NoiseRow): Set<string> {
  return new Set(normalised(row).split(" "));
}
