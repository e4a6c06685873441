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
    ...(repeats > 0 ? [`duplicates: ${counted(repeats, "row")} with the words of another`] : []),
    ...[...leaked].map(([reason, { length }]) => {
      const what = reason.startsWith("near")
        ? reason.replace("near duplicate", counted(length, "near duplicate"))
        : `${counted(length, "row")} with the ${reason}`;
      return `leakage: ${what}, which prepare-data drops`;
    }),
  ];
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
