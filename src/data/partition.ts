import { hash } from "node:crypto";
import { z } from "zod";
import { droppedFor, type DroppedRow } from "./dropped.ts";
import { emptySplit } from "./empty_split.ts";
import { FileParts, type PartName } from "./file_parts.ts";
import { Groups } from "./groups.ts";
import { checkLeakage } from "./leakage.ts";
import { canonicalText, duplicateGroups, type DuplicateSearch, normalised } from "./near_duplicates.ts";
import { type RowList, selected } from "./row_list.ts";
import type { Source } from "./source.ts";
import { forEachSplit, type SplitName, splitNames } from "./splits.ts";

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

/** The splits of a source, and what is known of its duplicates. Rows are read when they are asked for. */
export interface Partition {
  readonly splits: Readonly<Record<SplitName, RowList>>;
  /** The rows of the source's test set, where it has one. */
  readonly test?: RowList;
  /** How many rows of each class are in each split. [classes] */
  readonly perClass: Readonly<Record<SplitName | "test", readonly number[]>>;
  readonly duplicates: {
    readonly groups: number;
    readonly rows: number;
    readonly droppedFromTrain: number;
    readonly droppedFromDev?: number;
  };
  /** The groups of two or more rows. */
  readonly groups: Iterable<RowList>;
  /** Whether the search for duplicates compared every two rows. */
  readonly isExact: boolean;
  /** The rows that are in no split. */
  readonly dropped: Iterable<DroppedRow>;
}

/**
 * Splits a source by a seeded hash of its texts. A row's split depends on no other row but its duplicates, so
 * rows don't move when others are added, unless they become duplicates. A group of duplicates is never
 * divided. Where the source itself keeps rows apart, a group stays where its last row is, in the order train,
 * dev, tune, dev1, dev2, test, and its rows of earlier files are dropped. Each split is in the order of the
 * hash, so its first n rows are a fair sample of it.
 *
 * Rows are read one by one; what is held in memory of each is its set of words, while duplicates are searched, and a
 * few numbers.
 *
 * @throws {InputError} where a split gets no row, or two splits share an id
 */
export function partition(source: Source, options: PartitionOptions): Partition {
  const { fractions, maxRows } = options;
  const parts = new FileParts(source);
  const { rows } = parts;
  const { firsts, isExact } = duplicateGroups(rows, options.duplicates);
  const groups = new Groups(firsts);
  const { order, positions, labels } = ordered(rows, groups, options.seed);

  const indices = { ...forEachSplit((): number[] => []), test: [] as number[] };
  let [droppedFromTrain, droppedFromDev] = [0, 0];
  for (const first of order) {
    const { part, kept, others } = parts.lastOf(groups.membersOf(first));
    const shares = sharesOf(part, source, fractions);
    const split = part === "train" || part === "dev" ? splitAt(positions[first], shares) : part;
    for (const index of kept) indices[split].push(index);
    for (const index of others) {
      if (parts.partOf(index) === "train") droppedFromTrain++;
      else droppedFromDev++;
    }
  }
  const all = forEachSplit((name) => selected(rows, indices[name]));
  const allTest = selected(rows, indices.test);
  checkLeakage(all, allTest);
  const duplicates = {
    ...groups.count(),
    droppedFromTrain,
    ...(droppedFromDev > 0 && { droppedFromDev }),
  };
  for (const name of splitNames) if (all[name].length === 0) throw emptySplit(name, source, duplicates);
  const countClasses = (name: SplitName | "test") => {
    const counts = source.classes.map(() => 0);
    for (const index of indices[name].slice(0, maxRows[name])) counts[labels[index]]++;
    return counts;
  };
  return {
    splits: forEachSplit((name) => all[name].slice(0, maxRows[name])),
    ...(source.test && { test: allTest.slice(0, maxRows.test) }),
    perClass: { ...forEachSplit(countClasses), test: countClasses("test") },
    duplicates,
    groups: repeatable(() => groups.ofSeveral().map((members) => selected(rows, members))),
    isExact,
    dropped: repeatable(function* () {
      yield* source.unlabelled ?? [];
      for (const first of order) {
        if (!groups.isAlone(first)) yield* duplicatesDropped(parts, groups.membersOf(first));
      }
      for (const split of [...splitNames, "test"] as const) {
        const beyond = maxRows[split] === undefined
          ? []
          : { ...all, test: allTest }[split].slice(maxRows[split]);
        for (const { id } of beyond) yield { id, reason: "maxRows", split };
      }
    }),
  };
}

/**
 * Orders the first rows of all groups by a hash of the group's text.
 *
 * @returns their indices in that order, and for each row the hash of its group if it is the first, and its label
 */
function ordered(rows: RowList, groups: Groups, seed: number) {
  const positions = new Float64Array(rows.length);
  const labels = new Int32Array(rows.length);
  const order: number[] = [];
  let index = 0;
  for (const row of rows) {
    labels[index] = row.label;
    if (groups.isFirst(index)) {
      order.push(index);
      if (groups.isAlone(index)) positions[index] = hashPosition(seed, normalised(row));
    }
    index++;
  }
  for (const members of groups.ofSeveral()) {
    positions[members[0]] = hashPosition(seed, canonicalText(selected(rows, members)));
  }
  order.sort((a, b) => positions[a] - positions[b] || a - b);
  return { order, positions, labels };
}

/** Returns the rows of a group that are dropped, since later files have some of the group. */
function* duplicatesDropped(parts: FileParts, members: readonly number[]): Generator<DroppedRow> {
  const { rows } = parts;
  const { part, kept, others } = parts.lastOf(members);
  if (others.length === 0) return;
  const toDropped = droppedFor(selected(rows, kept), part === "test" ? "test files" : "dev files");
  for (const index of others) yield toDropped(rows.at(index)!);
}

function repeatable<Value>(values: () => Iterator<Value>): Iterable<Value> {
  return { [Symbol.iterator]: values };
}

/** Returns a uniform number in [0, 1) that depends on the seed and the text alone. */
function hashPosition(seed: number, text: string): number {
  return parseInt(hash("sha256", `${seed}/${text}`).slice(0, 12), 16) / 2 ** 48;
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
