import type { Weights } from "../resampling/measurement.ts";

/** How probabilities are put into bins; every published ECE depends on these choices, so each has a name. */
export interface Binning {
  /** How many bins at the most; 20 by default. */
  readonly bins?: number;
  /**
   * Bins of equal width (the default), or of equal mass: the sorted values in chunks whose sizes differ by
   * one at the most, with edges half-way between the neighbours. As many of these as there are values make
   * one bin of each distinct value.
   */
  readonly binning?: "width" | "mass";
  /** Which side of a bin is closed: right = (a, b], the default; left = [a, b). 0 and 1 are always in. */
  readonly edge?: "left" | "right";
  /**
   * What the probabilities are rounded to. With float32 those that lie on an edge move to its other side or
   * not, as chance has it: the authors' figures come from it.
   */
  readonly precision?: "float64" | "float32";
}

/** The binning that the authors' figures come from (method.md §4). */
export const authors: Required<Binning> = {
  bins: 20,
  binning: "width",
  edge: "right",
  precision: "float32",
};

/** Where each value lies. */
export interface BinAssignment {
  /** Ascending, from 0 to 1; bin b lies between edges b and b + 1. [bins + 1] */
  readonly edges: Float64Array;
  /** The probabilities in the precision asked for. [n] */
  readonly values: Float64Array;
  /** Each value's bin. [n] */
  readonly bin: Int32Array;
}

/** What lies in each bin; the means are NaN where a bin is empty. All [bins]. */
export interface BinTally {
  readonly count: Float64Array;
  /** Mean predicted probability. */
  readonly confidence: Float64Array;
  /** Share of examples in which the predicted event happened. */
  readonly accuracy: Float64Array;
}

/** Finds the bin of each probability. Outcomes play no part: one assignment serves many redrawn ones. */
export function assignBins(probabilities: Float64Array, options: Binning = {}): BinAssignment {
  const { bins = 20, binning = "width", edge = "right", precision = "float64" } = options;
  const values = precision === "float32" ? probabilities.map(Math.fround) : probabilities;
  const edges = binning === "mass" ? massEdges(values, bins) : widthEdges(bins);
  const bin = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) bin[i] = findBin(edges, values[i], edge);
  return { edges, values, bin };
}

/**
 * Counts and averages what lies in each bin.
 *
 * @param outcomes 1 where the event happened, else 0; or the share of people who say that it did. [n]
 * @param weights Once each where there are none. [n]
 */
export function tallyBins(
  { edges, values, bin }: BinAssignment,
  outcomes: ArrayLike<number>,
  weights?: Weights,
): BinTally {
  const bins = edges.length - 1;
  const count = new Float64Array(bins);
  const confidence = new Float64Array(bins);
  const accuracy = new Float64Array(bins);
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? weights[i] : 1;
    count[bin[i]] += weight;
    confidence[bin[i]] += weight * values[i];
    accuracy[bin[i]] += weight * outcomes[i];
  }
  for (let b = 0; b < bins; b++) {
    confidence[b] /= count[b];
    accuracy[b] /= count[b];
  }
  return { count, confidence, accuracy };
}

/** By binary search among the inner edges: the first bin whose upper edge the value doesn't pass. */
function findBin(edges: Float64Array, value: number, edge: "left" | "right"): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    const upper = edges[middle + 1];
    if (edge === "right" ? value <= upper : value < upper) high = middle;
    else low = middle + 1;
  }
  return low;
}

function widthEdges(bins: number): Float64Array {
  return Float64Array.from({ length: bins + 1 }, (_, index) => index / bins);
}

/** Larger chunks first. Equal values lie in one bin even where a chunk ends between them. */
function massEdges(values: Float64Array, bins: number): Float64Array {
  const sorted = values.toSorted();
  const chunks = Math.min(bins, sorted.length);
  const small = Math.floor(sorted.length / chunks);
  const larger = sorted.length % chunks;
  const inner = Array.from({ length: chunks - 1 }, (_, index) => {
    const next = (index + 1) * small + Math.min(index + 1, larger);
    return (sorted[next - 1] + sorted[next]) / 2;
  });
  return Float64Array.from([0, ...new Set([...inner, 1])]);
}
