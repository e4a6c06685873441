import { normalised } from "../near_duplicates.ts";
import type { Partition } from "../partition.ts";

/**
 * Says how many rows repeat others, within files and between them, in a line for each kind; in none where no
 * row does.
 */
export function describeRepeats({ groups, dropped }: Pick<Partition, "groups" | "dropped">): string[] {
  let repeats = 0;
  for (const group of groups) repeats += group.length - new Set(Array.from(group, normalised)).size;
  const leaked = Map.groupBy(Array.from(dropped).filter((row) => "of" in row), ({ reason }) => reason);
  return [
    ...(repeats > 0 ? [`duplicates: ${counted(repeats)} with the words of another`] : []),
    ...[...leaked].map(([reason, rows]) => {
      const like = reason.startsWith("same") ? "with the" : "that are a";
      return `leakage: ${counted(rows.length)} ${like} ${reason}, which prepare-data drops`;
    }),
  ];
}

function counted(rows: number): string {
  return `${rows} ${rows === 1 ? "row" : "rows"}`;
}
