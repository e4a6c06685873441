import type { Feed } from "../../runtime/session.ts";

/**
 * The table of empirical probabilities (Jung et al. 2020, section 3). Texts that are given about the same
 * probability of a class share a bin; the empirical probability is the share of them that are of this class.
 * Both columns are [bins × classes], bin by bin.
 */
export interface EmpiricalTable {
  /** The empirical probabilities; 0 where the bin is empty. */
  readonly shares: readonly number[];
  /** 1 where the bin holds texts, 0 where it is empty. */
  readonly observed: readonly number[];
}

/**
 * Measures the table of a training set in bins of equal width, [a, b): probabilities [texts × classes],
 * labels [texts].
 */
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

/** Makes the feeds by which a training step is given the table. */
export function tableFeeds({ shares, observed }: EmpiricalTable): Record<string, Feed> {
  const column = (values: readonly number[]): Feed => ({
    values: Float32Array.from(values),
    shape: [values.length],
  });
  return { shares: column(shares), observed: column(observed) };
}

/** The table that training steps are fed: the one that was measured last. */
export interface CurrentTable {
  /** Returns the table for a step, counted from 1, and measures it anew where it is time to. */
  at(step: number): EmpiricalTable;
  /** Undefined before the first step. A resumed training sets it to what the interrupted one had. */
  latest: EmpiricalTable | undefined;
}

/**
 * Keeps the table that is measured at step 1 and then anew every so many steps.
 *
 * @param every The number of steps from one measurement to the next.
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
