import { joined, type RowList } from "./row_list.ts";
import type { Source } from "./source.ts";

/**
 * What a source's files may be for. Where rows of several parts resemble each other, those of the last part are
 * kept.
 */
export const partNames = ["train", "dev", "tune", "dev1", "dev2", "test"] as const;

/** The name of what files are for. */
export type PartName = typeof partNames[number];

/** The rows of a source one after the other, part by part. */
export class FileParts {
  readonly rows: RowList;
  /** Where each part ends among the rows. */
  readonly #ends: readonly number[];

  constructor({ rows: train, dev, given, test }: Source) {
    const parts = { train, dev, ...given, test } as Partial<Record<PartName, RowList>>;
    this.rows = joined(partNames.map((name) => parts[name] ?? []));
    let end = 0;
    this.#ends = partNames.map((name) => end += parts[name]?.length ?? 0);
  }

  /** Returns the part that a row is in, by the row's index. */
  partOf(index: number): PartName {
    return partNames[this.#ends.findIndex((end) => index < end)];
  }

  /** Returns the last part that has rows among these, the rows that are in it and the others. */
  lastOf(indices: readonly number[]) {
    const ranks = indices.map((index) => this.#ends.findIndex((end) => index < end));
    const last = ranks.reduce((a, b) => Math.max(a, b));
    return {
      part: partNames[last],
      kept: indices.filter((_, at) => ranks[at] === last),
      others: indices.filter((_, at) => ranks[at] < last),
    };
  }
}
