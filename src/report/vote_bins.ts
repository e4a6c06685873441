import { assignBins } from "../calibration/metrics/bins.ts";
import { topLabel } from "../calibration/metrics/top_label.ts";
import type { Predictions } from "../calibration/predictions/classified.ts";
import { softmax } from "../calibration/predictions/softmax.ts";
import { quantile } from "../calibration/resampling/interval.ts";
import { mean } from "../statistics.ts";

/** The texts whose confidence lies between `lower` and `upper`, and how many people agree with the classifier. */
export interface VoteBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Their mean confidence. */
  readonly confidence: number;
  /** The mean share of people who chose the class that the classifier chooses. */
  readonly agreement: number;
  /** The shares between which the middle half of the texts lies. */
  readonly quartiles: readonly [number, number];
}

/** As few as leave many texts in most bins, since people differ on each text. */
const bins = 10;

/**
 * Puts texts into bins of confidence, and averages how many people chose the class that the classifier chooses.
 * Bins without texts are left out; undefined where the texts have no votes.
 */
export function voteBins({ logits, labels, classes, votes }: Predictions): readonly VoteBin[] | undefined {
  if (!votes) return undefined;
  const { predicted, confidences } = topLabel(softmax(logits, classes), labels, classes);
  const { edges, bin } = assignBins(confidences, { bins });
  const rows = Map.groupBy(bin.keys(), (row) => bin[row]);
  return [...rows].toSorted(([a], [b]) => a - b).map(([at, members]) => {
    const agreements = Float64Array.from(members, (row) => votes[row * classes + predicted[row]]).sort();
    return {
      lower: edges[at],
      upper: edges[at + 1],
      count: members.length,
      confidence: mean(members.map((row) => confidences[row])),
      agreement: mean(agreements),
      quartiles: [quantile(agreements, 0.25), quantile(agreements, 0.75)],
    };
  });
}
