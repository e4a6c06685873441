import type { MeasuringOptions } from "../../calibration/measure.ts";
import { type FigureName, figureNames, measureFigures } from "../../calibration/metrics/figures.ts";
import { forecastsOf } from "../../calibration/predictions/file.ts";
import { checkSameExamples, type NamedPredictions } from "../../calibration/predictions/same_examples.ts";
import { compareRuns, type Difference } from "../../calibration/resampling/comparison.ts";
import type { Figures } from "../../calibration/resampling/interval.ts";

/** The figures of two files, and by how much the second file's are higher than the reference's. */
export interface Comparison {
  readonly n: number;
  readonly classes: number;
  readonly reference: { readonly file: string } & Figures<FigureName>;
  readonly compared: { readonly file: string } & Figures<FigureName>;
  readonly difference: Readonly<Record<FigureName, Difference>>;
}

/**
 * Compares two files by a bootstrap that is paired over examples.
 *
 * @throws {InputError} where they aren't predictions of the same examples.
 */
export function comparePredictions(
  reference: NamedPredictions,
  compared: NamedPredictions,
  { binning, seed, resamples }: MeasuringOptions,
): Comparison {
  checkSameExamples(reference, compared);
  const { classes, labels } = reference.predictions;
  const [before, after] = [reference, compared].map(({ predictions }) =>
    measureFigures(forecastsOf(predictions), figureNames, binning)
  );
  return {
    n: labels.length,
    classes,
    reference: { file: reference.name, ...before() },
    compared: { file: compared.name, ...after() },
    difference: compareRuns([before], [after], labels.length, { seed, resamples }),
  };
}
