import { assignBins, type Binning, tallyBins } from "./bins.ts";
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
