import { createHash } from "node:crypto";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { droppedFor, type DroppedRow } from "./dropped.ts";
import { FileParts, type PartName } from "./file_parts.ts";
import { checkLeakage } from "./leakage.ts";
import { canonicalText, duplicateGroups, type DuplicateSearch } from "./near_duplicates.ts";
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
    "`train` has no effect; where it has files for each split, none has. Of a task of GLUE, `train` and `tune` " +
    "share the rows to train on.",
);

const limit = z.int().positive().optional();

/** The schema of the limits on the splits. */
export const maxRowsSchema = z.strictObject({
  train: limit,
  tune: limit,
  dev1: limit,
  dev2: limit,
  test: limit,
})
  .describe("The largest number of rows of each split; there is no limit unless one is given.");

/** The parameters that decide how a source is split. */
export interface PartitionOptions {
  readonly seed: number;
  readonly fractions: z.output<typeof fractionsSchema>;
  readonly maxRows: z.output<typeof maxRowsSchema>;
  readonly duplicates?: DuplicateSearch;
}

/** The splits of a source, and what is known of its duplicates. */
export interface Partition {
  readonly splits: Splits;
  /** The rows of the source's test set, where it has one. */
  readonly test?: readonly Row[];
  readonly duplicates: {
    readonly groups: number;
    readonly rows: number;
    readonly droppedFromTrain: number;
    readonly droppedFromDev?: number;
  };
  /** The groups of two or more rows. */
  readonly groups: readonly (readonly Row[])[];
  /** Whether the search for duplicates compared every two rows. */
  readonly isExact: boolean;
  /** The rows that are in no split. */
  readonly dropped: readonly DroppedRow[];
}

/**
 * Splits a source by a seeded hash of its texts. A row's split depends on no other row but its duplicates, so
 * rows don't move when others are added, unless they become duplicates. A group of duplicates is never
 * divided. Where the source itself keeps rows apart, a group stays where its last row is, in the order train,
 * dev, tune, dev1, dev2, test, and its rows of earlier files are dropped. Each split is in the order of the
 * hash, so its first n rows are a fair sample of it.
 *
 * @throws {InputError} where a split gets no row, or two splits share an id
 */
export function partition(source: Source, options: PartitionOptions): Partition {
  const { seed, fractions, maxRows } = options;
  const parts = new FileParts(source);
  const { rows } = parts;
  const { firsts, isExact } = duplicateGroups(rows, options.duplicates);
  const several = groupsOfSeveral(firsts);
  const positions = new Float64Array(rows.length);
  const order = Uint32Array.from(rows.keys()).filter((index) => firsts[index] === index);
  for (const first of order) {
    const members = several.get(first) ?? [first];
    positions[first] = hashPosition(seed, canonicalText(members.map((index) => rows[index])));
  }
  order.sort((a, b) => positions[a] - positions[b] || a - b);

  const splits = { ...forEachSplit((): Row[] => []), test: [] as Row[] };
  const dropped: DroppedRow[] = [...source.unlabelled ?? []];
  let [droppedFromTrain, droppedFromDev] = [0, 0];
  for (const first of order) {
    const members = several.get(first) ?? [first];
    const { part, kept, others } = parts.lastOf(members);
    const shares = sharesOf(part, source, fractions);
    const split = part === "train" || part === "dev" ? splitAt(positions[first], shares) : part;
    for (const index of kept) splits[split].push(rows[index]);
    if (others.length === 0) continue;
    const toDropped = droppedFor(
      kept.map((index) => rows[index]),
      part === "test" ? "test files" : "dev files",
    );
    for (const index of others) {
      dropped.push(toDropped(rows[index]));
      if (parts.partOf(index) === "train") droppedFromTrain++;
      else droppedFromDev++;
    }
  }
  checkLeakage(splits, splits.test);
  const groups = [...several.values()].map((members) => members.map((index) => rows[index]));
  const duplicates = {
    groups: groups.length,
    rows: groups.reduce((sum, members) => sum + members.length, 0),
    droppedFromTrain,
    ...(droppedFromDev > 0 && { droppedFromDev }),
  };
  for (const name of splitNames) checkNotEmpty(name, splits[name], source, rows.length, duplicates);
  for (const split of [...splitNames, "test"] as const) {
    for (const { id } of splits[split].slice(maxRows[split] ?? Infinity)) {
      dropped.push({ id, reason: "maxRows", split });
    }
  }
  return {
    splits: forEachSplit((name) => splits[name].slice(0, maxRows[name])),
    ...(source.test && { test: splits.test.slice(0, maxRows.test) }),
    duplicates,
    groups,
    isExact,
    dropped,
  };
}

/** Returns the members of the groups of two or more rows, by the first of them. */
function groupsOfSeveral(firsts: Int32Array): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  firsts.forEach((first, index) => {
    if (first === index) return;
    const members = groups.get(first);
    if (members) members.push(index);
    else groups.set(first, [first, index]);
  });
  return groups;
}

/** Returns a uniform number in [0, 1) that depends on the seed and the text alone. */
function hashPosition(seed: number, text: string): number {
  return createHash("sha256").update(`${seed}/${text}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** Returns the shares of the splits among the rows of the training files, or of the dev files. */
function sharesOf(
  part: PartName,
  { dev, given }: Source,
  fractions: PartitionOptions["fractions"],
): PartitionOptions["fractions"] {
  if (part === "dev") return { ...fractions, train: 0 };
  if (given && !given.tune) return { ...fractions, dev1: 0, dev2: 0 };
  return dev || given ? { train: 1, tune: 0, dev1: 0, dev2: 0 } : fractions;
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

/** Throws an error where a split has no row, which says if that is so because all were near duplicates. */
function checkNotEmpty(
  name: SplitName,
  rows: readonly Row[],
  source: Source,
  total: number,
  { groups, rows: grouped, droppedFromTrain }: Partition["duplicates"],
): void {
  if (rows.length > 0) return;
  const found = `no row for the split "${name}"`;
  const expected = "one at least";
  const given = source.rows.length;
  if (name === "train" && droppedFromTrain === given && given > 0) {
    const kept = source.test ? "the dev or test files" : "the dev files";
    const fix = source.test
      ? "Train on rows that aren't in these files."
      : "Train on rows that aren't in the dev files, or leave `dev` out to take all splits from `train`.";
    throw new InputError({
      found: `${found}: all ${given} rows to train on are near duplicates of rows of ${kept}`,
      expected,
      fix,
    });
  }
  if (grouped > total / 2) {
    throw new InputError({
      found:
        `${found}: ${grouped} of ${total} rows are near duplicates, in ${groups} ${
          groups === 1 ? "group" : "groups"
        }, ` +
        "and a group stays in one split",
      expected,
      fix:
        "Give texts that differ more, or set `nearDuplicates: false` to group those of the same words only.",
    });
  }
  throw new InputError({
    found,
    expected,
    fix: "Give more rows, or a larger fraction of them to this split.",
  });
}
