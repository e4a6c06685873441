import type { Weights } from "../resampling/measurement.ts";

/** How probabilities are put into bins. Every published ECE depends on these choices, so each has a name. */
export interface Binning {
  /** The largest number of bins; 20 by default. */
  readonly bins?: number | undefined;
  /**
   * Whether bins have equal width (the default) or equal mass. Bins of equal mass are chunks of the sorted
   * values, whose sizes differ by one at the most and whose edges lie half-way between neighbours. With as
   * many bins as there are values, each distinct value has a bin of its own.
   */
  readonly binning?: "width" | "mass" | undefined;
  /**
   * Which edge belongs to a bin: right means (a, b], the default, and left [a, b). The values 0 and 1 are
   * always in a bin.
   */
  readonly edge?: "left" | "right" | undefined;
  /**
   * What the probabilities are rounded to; float64 by default. With float32, from which the authors' figures
   * come (method.md §4), a value on an edge may move to the edge's other side.
   */
  readonly precision?: "float64" | "float32" | undefined;
}

/** Values that have been put into bins. */
export interface BinAssignment {
  /** Ascending from 0 to 1; bin b lies between the edges b and b + 1. [bins + 1] */
  readonly edges: Float64Array;
  /** The probabilities in the precision asked for. [n] */
  readonly values: Float64Array;
  /** Each value's bin. [n] */
  readonly bin: Int32Array;
}

/** Each bin's examples, counted and averaged; the means are NaN where a bin is empty. All [bins]. */
export interface BinTally {
  readonly count: Float64Array;
  /** Mean predicted probability. */
  readonly confidence: Float64Array;
  /** Share of the examples whose event happened. */
  readonly accuracy: Float64Array;
}

/**
 * Finds the bin of each probability. It doesn't depend on outcomes, so that one assignment serves many
 * resamples.
 */
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
 * @param weights How often each example counts; once where there are no weights. [n]
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

/** Finds the first bin whose upper edge the value doesn't pass, by binary search among the inner edges. */
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

/**
 * Returns edges between chunks, the larger ones first. Equal values lie in one bin even where a chunk ends
 * between them.
 */
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
