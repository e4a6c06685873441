import type { Row } from "./rows.ts";

/** Rows in an order, which needn't be held in memory; an array of rows is such a list, too. */
export interface RowList extends Iterable<Row> {
  readonly length: number;
  /** Returns the row at an index, which must be of the list. */
  at(index: number): Row | undefined;
  /** Returns the rows from one index up to another, or to the end. */
  slice(start: number, end?: number): RowList;
}

/** Makes a list of rows that are read when they are asked for. */
export function rowList(length: number, at: (index: number) => Row): RowList {
  return {
    length,
    at,
    slice: (start, end = length) =>
      rowList(Math.max(0, Math.min(end, length) - start), (index) => at(start + index)),
    *[Symbol.iterator]() {
      for (let index = 0; index < length; index++) yield at(index);
    },
  };
}

/** Returns the rows of a list at some indices, in their order. */
export function selected(rows: RowList, indices: ArrayLike<number>): RowList {
  return rowList(indices.length, (index) => rows.at(indices[index])!);
}

/** Returns the rows of several lists one after the other. */
export function joined(lists: readonly RowList[]): RowList {
  const ends: number[] = [];
  for (const { length } of lists) ends.push((ends.at(-1) ?? 0) + length);
  return rowList(ends.at(-1) ?? 0, (index) => {
    const list = ends.findIndex((end) => index < end);
    return lists[list].at(index - (ends[list - 1] ?? 0))!;
  });
}
