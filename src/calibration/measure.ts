import type { Binning } from "./metrics/bins.ts";
import { bootstrap } from "./resampling/bootstrap.ts";
import { redrawnErrors } from "./metrics/floor.ts";
import type { Forecasts } from "./predictions/forecasts.ts";
import { centred, type Interval } from "./resampling/interval.ts";
import { defaultMetrics, type MetricName, metricRanges } from "./metrics/figures.ts";
import { topLabel } from "./metrics/top_label.ts";

/** The name of a figure, as it is in JSON. */
type FigureName = MetricName | "ece_floor";

/** The default metrics, and the floor of the ECE; bounds are there where resamples were asked for. */
export type PredictionFigures = Readonly<Record<FigureName, Interval | number>>;

/** How predictions are measured. */
export interface MeasuringOptions {
  readonly binning: Binning;
  readonly seed: number;
  /** How often examples are resampled for intervals; none without it. */
  readonly resamples?: number;
}

/**
 * Measures predictions. The floor is the mean over perfectly calibrated classifiers with these confidences; 95 % of
 * them have an ECE within its bounds.
 */
export function predictionFigures(
  forecasts: Forecasts,
  { binning, seed, resamples }: MeasuringOptions,
): PredictionFigures {
  const { probabilities, labels, classes } = forecasts;
  const errors = redrawnErrors(topLabel(probabilities, labels, classes).confidences, seed, binning);
  const floor = errors.reduce((total, error) => total + error, 0) / errors.length;
  const measure = defaultMetrics(forecasts, binning);
  if (resamples === undefined) return inOrder({ ...measure(), ece_floor: floor });
  return inOrder({
    ...bootstrap(measure, [labels.length], { seed, resamples, ranges: metricRanges }),
    ece_floor: centred(floor, errors, 0.95, metricRanges.ece),
  });
}

function inOrder({ accuracy, nll, brier, ece, ece_floor, ...others }: PredictionFigures): PredictionFigures {
  return { accuracy, nll, brier, ece, ece_floor, ...others };
}
