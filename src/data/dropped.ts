import { join } from "node:path";
import { normalised } from "./near_duplicates.ts";
import type { RowList } from "./row_list.ts";
import { type NoiseRow, writeJsonLines } from "./rows.ts";
import type { UnlabelledRow } from "./source.ts";
import type { SplitName } from "./splits.ts";

/** The files that keep their rows where others have rows that resemble these. */
export type KeepingFiles = "dev files" | "test files";

/** A row of the source that is in no split, and why. */
export type DroppedRow =
  | {
    readonly id: string;
    readonly reason: `${"same words as" | "near duplicate of"} a row of the ${KeepingFiles}`;
    /** The row of these files that it resembles most. */
    readonly of: string;
    /**
     * The Jaccard similarity of both rows' sets of words. It is below 0.8 where they resemble each other only
     * through other rows of their group.
     */
    readonly similarity: number;
  }
  | { readonly id: string; readonly reason: "maxRows"; readonly split: SplitName | "test" }
  | UnlabelledRow;

/** The most rows that are looked at in a huge group. */
const mostCompared = 20;

/** Returns what says for a dropped row of a group which of the rows that the group keeps it resembles most. */
export function droppedFor(kept: RowList, of: KeepingFiles): (row: NoiseRow) => DroppedRow {
  const compared = Array.from(kept.slice(0, mostCompared), (row) => ({ id: row.id, words: wordsOf(row) }));
  return (row) => {
    const words = wordsOf(row);
    const similarities = compared.map((other) =>
      words.intersection(other.words).size / words.union(other.words).size
    );
    const similarity = Math.max(...similarities);
    const reason = `${similarity === 1 ? "same words as" : "near duplicate of"} a row of the ${of}` as const;
    return { id: row.id, reason, of: compared[similarities.indexOf(similarity)].id, similarity };
  };
}

/** Writes `dropped.jsonl` of a prepared data set. */
export async function writeDropped(folder: string, dropped: Iterable<DroppedRow>): Promise<void> {
  await writeJsonLines(join(folder, "dropped.jsonl"), dropped);
}

function wordsOf(row: NoiseRow): Set<string> {
  return new Set(normalised(row).split(" "));
}
