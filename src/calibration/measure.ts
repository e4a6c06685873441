import type { Binning } from "./metrics/bins.ts";
import { type FigureName, figureRanges, measureFigures } from "./metrics/figures.ts";
import { redrawnErrors } from "./metrics/floor.ts";
import { topLabel } from "./metrics/top_label.ts";
import { vocabulary } from "./metrics/vocabulary.ts";
import { measureVotes, type VoteFigureName } from "./metrics/vote_figures.ts";
import { forecastsOf, type PredictionFile } from "./predictions/file.ts";
import type { Forecasts } from "./predictions/forecasts.ts";
import { logSoftmax } from "./predictions/softmax.ts";
import { bootstrap } from "./resampling/bootstrap.ts";
import { centred, type Interval } from "./resampling/interval.ts";
import { mean } from "../statistics.ts";

/** A figure: with its interval where resamples were asked for, else its value alone. */
export type Measured = Interval | number;

/** How predictions are measured. */
export interface MeasuringOptions {
  readonly binning: Binning;
  /** Seed of the resamples, and of the labels that are redrawn for the floor of the ECE. */
  readonly seed: number;
  /** How often the examples are resampled for intervals; without it there are none. */
  readonly resamples?: number | undefined;
}

/**
 * Measures some figures of a file of predictions, the floor of its ECE, and the figures of votes where it has
 * votes.
 */
export function measureFile(
  predictions: PredictionFile,
  names: readonly FigureName[],
  options: MeasuringOptions,
): Readonly<Record<string, Measured>> {
  const measured: Readonly<Record<string, Measured>> = {
    ...measureWithFloor(forecastsOf(predictions), names, options),
    ...measureVotesOf(predictions, options),
  };
  const shown = Object.keys(vocabulary).filter((name) => name in measured);
  return Object.fromEntries(shown.map((name) => [name, measured[name]]));
}

/**
 * Measures some figures of predictions, and the floor of their ECE: its value is the mean over perfectly
 * calibrated classifiers that have the same confidences, and 95 % of these have an ECE within its bounds.
 */
export function measureWithFloor<Name extends FigureName>(
  forecasts: Forecasts,
  names: readonly Name[],
  { binning, seed, resamples }: MeasuringOptions,
): Readonly<Record<Name | "ece_floor", Measured>> {
  const { probabilities, labels, classes } = forecasts;
  const errors = redrawnErrors(topLabel(probabilities, labels, classes).confidences, seed, binning);
  const measure = measureFigures(forecasts, names, binning);
  const floor = mean(errors);
  if (resamples === undefined) return { ...measure(), ece_floor: floor };
  return {
    ...bootstrap(measure, [labels.length], { seed, resamples, ranges: figureRanges }),
    ece_floor: centred(floor, errors, 0.95, figureRanges.ece),
  };
}

function measureVotesOf(
  { votes, labels, form, values, classes }: PredictionFile,
  { binning, seed, resamples }: MeasuringOptions,
): Readonly<Partial<Record<VoteFigureName, Measured>>> {
  if (!votes) return {};
  const logProbabilities = form === "logits" ? logSoftmax(values, classes) : values.map(Math.log);
  const measure = measureVotes(logProbabilities, votes, classes, binning);
  return resamples === undefined ? measure() : bootstrap(measure, [labels.length], { seed, resamples });
}
