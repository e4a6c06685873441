import type { Feed } from "../../runtime/session.ts";

/**
 * What share of texts is of a class, among those that the classifier gives about the same probability of it (Jung et al. 2020,
 * section 3). Both are [bins × classes], bin by bin.
 */
export interface EmpiricalTable {
  /** 0 where no text is in the bin. */
  readonly shares: readonly number[];
  /** Whether there are texts in the bin: 1 or 0. */
  readonly observed: readonly number[];
}

/** The table of a training set: probabilities [texts × classes] and labels [texts]; bins are of equal width, [a, b). */
export function empiricalTable(
  probabilities: Float64Array,
  labels: ArrayLike<number>,
  { classes, bins }: { readonly classes: number; readonly bins: number },
): EmpiricalTable {
  const [texts, hits] = [new Float64Array(bins * classes), new Float64Array(bins * classes)];
  probabilities.forEach((probability, at) => {
    const [text, label] = [Math.floor(at / classes), at % classes];
    const cell = Math.min(Math.floor(probability * bins), bins - 1) * classes + label; // 1 is in the last bin
    texts[cell]++;
    if (labels[text] === label) hits[cell]++;
  });
  return {
    shares: Array.from(texts, (count, cell) => count === 0 ? 0 : hits[cell] / count),
    observed: Array.from(texts, (count) => Math.min(count, 1)),
  };
}

/** The table as a training step takes it. */
export function tableFeeds({ shares, observed }: EmpiricalTable): Record<string, Feed> {
  const column = (values: readonly number[]): Feed => ({
    values: Float32Array.from(values),
    shape: [values.length],
  });
  return { shares: column(shares), observed: column(observed) };
}

export interface TableOptions {
  /** Steps from one measurement to the next; the first step measures. */
  readonly every: number;
  /** What an attempt before measured last. */
  readonly found: EmpiricalTable | undefined;
  /** Measures the table with the weights as they are. */
  measure(): EmpiricalTable;
}

/** The table that each step of training is fed. */
export interface CurrentTable {
  /** For a step, counted from 1. */
  at(step: number): EmpiricalTable;
  readonly latest: EmpiricalTable | undefined;
}

/** Measures the table anew every so many steps. */
export function currentTable({ every, found, measure }: TableOptions): CurrentTable {
  let latest = found;
  return {
    at(step) {
      if ((step - 1) % every === 0) latest = measure();
      return latest!;
    },
    get latest() {
      return latest;
    },
  };
}
