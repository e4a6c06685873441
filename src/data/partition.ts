import { createHash } from "node:crypto";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { checkLeakage } from "./leakage.ts";
import { type DuplicateGroup, duplicateGroups } from "./near_duplicates.ts";
import type { Row } from "./rows.ts";
import type { Source } from "./source.ts";
import { forEachSplit, type SplitName, splitNames, type Splits } from "./splits.ts";

const fraction = z.number().positive().lt(1);

/** The schema of the shares of the splits. */
export const fractionsSchema = z.strictObject({
  train: fraction.default(0.62),
  tune: fraction.default(0.06),
  dev1: fraction.default(0.16),
  dev2: fraction.default(0.16),
}).refine(({ train, tune, dev1, dev2 }) => Math.abs(train + tune + dev1 + dev2 - 1) < 1e-9, {
  error: "fractions that sum to 1",
}).describe(
  "The expected share of each split. Where the source has dev files, they are split by the other three, and " +
    "`train` has no effect.",
);

const limit = z.int().positive().optional();

/** The schema of the limits on the splits. */
export const maxRowsSchema = z.strictObject({ train: limit, tune: limit, dev1: limit, dev2: limit })
  .describe("The largest number of rows of each split; there is no limit unless one is given.");

/** The parameters that decide how a source is split. */
export interface PartitionOptions {
  readonly seed: number;
  readonly fractions: z.output<typeof fractionsSchema>;
  readonly maxRows: z.output<typeof maxRowsSchema>;
}

/** The splits of a source, and figures on its duplicates. */
export interface Partition {
  readonly splits: Splits;
  readonly duplicates: {
    readonly groups: number;
    readonly rows: number;
    readonly droppedFromTrain: number;
  };
}

type SourceRow = Row & { readonly given: "rows" | "dev" };

/**
 * Splits a source by a seeded hash of its texts. A row's split depends on no other row but its duplicates, so
 * rows don't move when others are added, unless they become duplicates. A group of duplicates is never
 * divided. Where the source has dev files of its own, training rows that resemble a row of theirs are
 * dropped. Each split is in the order of the hash, so its first n rows are a fair sample of it.
 *
 * @throws {InputError} where a split gets no row, or two splits share an id
 */
export function partition(source: Source, { seed, fractions, maxRows }: PartitionOptions): Partition {
  const rows: SourceRow[] = [
    ...source.rows.map((row) => ({ ...row, given: "rows" as const })),
    ...(source.dev ?? []).map((row) => ({ ...row, given: "dev" as const })),
  ];
  const groups = duplicateGroups(rows)
    .map((group) => ({ ...group, position: hashPosition(seed, group.canonical) }))
    .sort((a, b) => a.position - b.position);
  const splits = forEachSplit((): Row[] => []);
  let droppedFromTrain = 0;
  for (const group of groups) {
    const members = membersToKeep(group);
    droppedFromTrain += group.members.length - members.length;
    const split = source.dev && members[0].given === "rows"
      ? "train"
      : splitAt(group.position, source.dev ? { ...fractions, train: 0 } : fractions);
    splits[split].push(...members.map(({ given: _, ...row }) => row));
  }
  checkLeakage(splits);
  const duplicates = groups.filter(({ members }) => members.length > 1);
  return {
    splits: forEachSplit((name) => nonEmpty(name, splits[name].slice(0, maxRows[name]))),
    duplicates: {
      groups: duplicates.length,
      rows: duplicates.reduce((sum, { members }) => sum + members.length, 0),
      droppedFromTrain,
    },
  };
}

/** Returns a uniform number in [0, 1) that depends on the seed and the text alone. */
function hashPosition(seed: number, text: string): number {
  return createHash("sha256").update(`${seed}/${text}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

function splitAt(position: number, fractions: PartitionOptions["fractions"]): SplitName {
  const total = splitNames.reduce((sum, name) => sum + fractions[name], 0);
  let end = 0;
  for (const name of splitNames) {
    end += fractions[name] / total;
    if (position < end) return name;
  }
  return "dev2"; // rounding may leave the sum of the fractions just below 1
}

/** Returns the members of a group that are in the dev files, or all members where none is. */
function membersToKeep({ members }: DuplicateGroup<SourceRow>): readonly SourceRow[] {
  const dev = members.filter(({ given }) => given === "dev");
  return dev.length > 0 ? dev : members;
}

function nonEmpty(name: SplitName, rows: readonly Row[]): readonly Row[] {
  if (rows.length > 0) return rows;
  throw new InputError({
    found: `no row for the split "${name}"`,
    expected: "one at least",
    fix: "Give more rows, or a larger fraction of them to this split.",
  });
}
