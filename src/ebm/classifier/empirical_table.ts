import type { Feed } from "../../runtime/session.ts";

/**
 * Empirical probabilities (Jung et al. 2020, section 3): of the texts that the classifier gives about the same probability of a class, the
 * share that is of this class. Both columns are [bins × classes], bin by bin.
 */
export interface EmpiricalTable {
  /** 0 where no text is in the bin. */
  readonly shares: readonly number[];
  /** Whether there are texts in the bin: 1 or 0. */
  readonly observed: readonly number[];
}

/** Measures the table of a training set: probabilities [texts × classes], labels [texts]; bins are of equal width, [a, b). */
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

/** The feeds by which a training step is given the table. */
export function tableFeeds({ shares, observed }: EmpiricalTable): Record<string, Feed> {
  const column = (values: readonly number[]): Feed => ({
    values: Float32Array.from(values),
    shape: [values.length],
  });
  return { shares: column(shares), observed: column(observed) };
}

/** The table as it was measured last, which training steps are fed. */
export interface CurrentTable {
  /** Returns the table for a step, counted from 1, and measures it anew where it is time to. */
  at(step: number): EmpiricalTable;
  /** Undefined before the first step; an attempt that goes on sets it to what the one before had. */
  latest: EmpiricalTable | undefined;
}

/**
 * A table that is measured anew every so many steps, the first time for the first.
 *
 * @param every Steps from one measurement to the next.
 * @param measure Measures the table with the weights as they are.
 */
export function currentTable(every: number, measure: () => EmpiricalTable): CurrentTable {
  const table: CurrentTable = {
    latest: undefined,
    at(step) {
      if ((step - 1) % every === 0) table.latest = measure();
      return table.latest!;
    },
  };
  return table;
}
