import { assignBins, type Binning, tallyBins } from "./bins.ts";
import { isotonicRegression } from "./isotonic_regression.ts";
import type { TopLabel } from "./top_label.ts";

/** One point of a reliability diagram: the examples whose confidence lies between `lower` and `upper`. */
export interface ReliabilityBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Their mean confidence. */
  readonly confidence: number;
  /** The share of them whose chosen class is right. */
  readonly accuracy: number;
}

/** A corner of a reliability curve. */
export interface ReliabilityPoint {
  readonly confidence: number;
  /** How often answers of this confidence are right, by isotonic regression. */
  readonly accuracy: number;
}

/** What a reliability diagram shows. */
export interface Reliability {
  readonly bins: readonly ReliabilityBin[];
  readonly curve: readonly ReliabilityPoint[];
}

/** Measures how reliable confidences are, in bins and without. */
export function reliability(top: TopLabel, binning: Binning = {}): Reliability {
  return { bins: reliabilityBins(top, binning), curve: reliabilityCurve(top) };
}

/** Returns the bins that hold examples, ascending; empty bins have no confidence to show and are left out. */
export function reliabilityBins({ confidences, correct }: TopLabel, binning: Binning = {}): ReliabilityBin[] {
  const assignment = assignBins(confidences, binning);
  const { count, confidence, accuracy } = tallyBins(assignment, correct);
  return Array.from(count, (inBin, b) => ({
    lower: assignment.edges[b],
    upper: assignment.edges[b + 1],
    count: inBin,
    confidence: confidence[b],
    accuracy: accuracy[b],
  })).filter((bin) => bin.count > 0);
}

/**
 * Returns the reliability curve, which needs no bins: isotonic regression of being right on the confidence
 * (CORP; Dimitriadis, Gneiting and Jordan 2021). Between its points it is straight, and it never
 * falls.
 */
export function reliabilityCurve({ confidences, correct }: TopLabel): ReliabilityPoint[] {
  const { places, values } = isotonicRegression(confidences, correct);
  return places.map((confidence, at) => ({ confidence, accuracy: values[at] }));
}
