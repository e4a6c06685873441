import { compareRuns, type Difference } from "../../calibration/resampling/comparison.ts";
import { defaultMetrics, type MetricName, type Metrics } from "../../calibration/metrics/figures.ts";
import { forecastsOf } from "../../calibration/predictions/file.ts";
import type { MeasuringOptions } from "../../calibration/measure.ts";
import { checkSameExamples, type NamedPredictions } from "../../calibration/predictions/same_examples.ts";

/** By how much one file's figures are higher than the reference's. */
export interface Comparison {
  readonly n: number;
  readonly classes: number;
  readonly reference: { readonly file: string } & Metrics;
  readonly compared: { readonly file: string } & Metrics;
  readonly difference: Readonly<Record<MetricName, Difference>>;
}

/** Compares two files by a bootstrap paired over examples. @throws {InputError} where they aren't of the same ones. */
export function comparePredictions(
  reference: NamedPredictions,
  compared: NamedPredictions,
  { binning, seed, resamples }: MeasuringOptions,
): Comparison {
  checkSameExamples(reference, compared);
  const { classes, labels } = reference.predictions;
  const [before, after] = [reference, compared].map(({ predictions }) =>
    defaultMetrics(forecastsOf(predictions), binning)
  );
  return {
    n: labels.length,
    classes,
    reference: { file: reference.name, ...before() },
    compared: { file: compared.name, ...after() },
    difference: compareRuns([before], [after], labels.length, { seed, resamples }),
  };
}
