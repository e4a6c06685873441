import { familiarity } from "../calibration/metrics/out_of_distribution.ts";
import type { Predictions } from "../calibration/predictions/classified.ts";
import { quantile } from "../calibration/resampling/interval.ts";
import { mean } from "../statistics.ts";
import type { EnergyPredictions } from "./energy_figures.ts";

/** What a plot of energies shows (He et al. 2021, figures 4 and 5), all trainings of a variant together. */
export interface EnergyShape {
  readonly histogram: EnergyHistogram;
  readonly againstEntropy: EnergyTrend;
}

/** How many energies of the data and of noise lie between each two edges, the last of which is included. */
interface EnergyHistogram {
  readonly edges: readonly number[]; // [bins + 1]
  readonly data: readonly number[]; // [bins]
  readonly noise: readonly number[]; // [bins]
}

/** The line of least squares, energy = intercept + slope · entropy (in nats): means over trainings. */
interface EnergyTrend {
  readonly slope: number;
  readonly intercept: number;
  /** Texts with entropies of about the same size, ascending: their means. Empty bins are left out. */
  readonly bins: readonly { readonly entropy: number; readonly energy: number; readonly count: number }[];
}

/** The bins of each plot, of equal width. */
const bins = { histogram: 40, entropy: 10 } as const;

/** Computes what plots of a variant's energies show. Noise is the energies of noise texts. [m] */
export function energyShape(
  trainings: readonly { readonly labelled: EnergyPredictions; readonly noise: Float64Array }[],
): EnergyShape {
  const data = trainings.flatMap(({ labelled }) => [...labelled.energies]);
  return {
    histogram: histogramOf(data, trainings.flatMap(({ noise }) => [...noise])),
    againstEntropy: trendOf(trainings.map(({ labelled }) => labelled)),
  };
}

/**
 * Returns the confidences at 0 %, 1 %, … 100 % of the texts sorted by confidence, means over trainings. [101]
 */
export function sortedConfidences(trainings: readonly Predictions[]): number[] {
  const sorted = trainings.map(({ logits, classes }) =>
    familiarity(logits, classes).maximumProbability.toSorted()
  );
  return Array.from(
    { length: 101 },
    (_, percent) => mean(sorted.map((confidences) => quantile(confidences, percent / 100))),
  );
}

function histogramOf(data: readonly number[], noise: readonly number[]): EnergyHistogram {
  const both = [data, noise].flat();
  const lowest = both.reduce((a, b) => Math.min(a, b));
  const width = (both.reduce((a, b) => Math.max(a, b)) - lowest) / bins.histogram;
  const counts = (energies: readonly number[]) =>
    countBins(energies.map((energy) => width > 0 ? (energy - lowest) / width : 0), bins.histogram);
  const edges = Array.from({ length: bins.histogram + 1 }, (_, index) => lowest + index * width);
  return { edges, data: counts(data), noise: counts(noise) };
}

/** Counts how many places, from 0 to the number of bins, lie in each bin. */
function countBins(places: readonly number[], count: number): number[] {
  const counts = new Array<number>(count).fill(0);
  for (const place of places) counts[Math.min(Math.floor(place), count - 1)]++;
  return counts;
}

function trendOf(trainings: readonly EnergyPredictions[]): EnergyTrend {
  const [{ classes }] = trainings;
  const points = trainings.map(({ logits, energies }) => {
    const { entropy } = familiarity(logits, classes); // negated
    return Array.from(energies, (energy, row) => ({ entropy: -entropy[row], energy }));
  });
  const lines = points.map(leastSquares);
  const binOf = ({ entropy }: Point) =>
    Math.min(Math.floor(bins.entropy * entropy / Math.log(classes)), bins.entropy - 1);
  const binned = [...Map.groupBy(points.flat(), binOf)].sort(([a], [b]) => a - b);
  return {
    slope: mean(lines.map(({ slope }) => slope)),
    intercept: mean(lines.map(({ intercept }) => intercept)),
    bins: binned.map(([, members]) => ({ ...meanPoint(members), count: members.length })),
  };
}

interface Point {
  readonly entropy: number;
  readonly energy: number;
}

/** Fits the line of least squares. Its slope is NaN where all entropies are the same. */
function leastSquares(points: readonly Point[]): { readonly slope: number; readonly intercept: number } {
  const centre = meanPoint(points);
  const fromCentre = points.map(({ entropy, energy }) => [entropy - centre.entropy, energy - centre.energy]);
  const slope = mean(fromCentre.map(([x, y]) => x * y)) / mean(fromCentre.map(([x]) => x * x));
  return { slope, intercept: centre.energy - slope * centre.entropy };
}

function meanPoint(points: readonly Point[]): Point {
  return {
    entropy: mean(points.map(({ entropy }) => entropy)),
    energy: mean(points.map(({ energy }) => energy)),
  };
}
