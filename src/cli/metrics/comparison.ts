import type { MeasuringOptions } from "../../calibration/measure.ts";
import { type FigureName, measureFigures } from "../../calibration/metrics/figures.ts";
import { forecastsOf } from "../../calibration/predictions/file.ts";
import { checkSameExamples, type NamedPredictions } from "../../calibration/predictions/same_examples.ts";
import { compareRuns, type Difference } from "../../calibration/resampling/comparison.ts";

/** The figures of two files, and by how much the second file's are higher than the reference's. */
export interface Comparison {
  readonly n: number;
  readonly classes: number;
  readonly reference: NamedFigures;
  readonly compared: NamedFigures;
  /** By the name of the figure. */
  readonly difference: Readonly<Record<string, Difference>>;
}

/** The figures of one file, by their names. */
interface NamedFigures {
  readonly file: string;
  readonly figures: Readonly<Record<string, number>>;
}

/**
 * Compares some figures of two files by a bootstrap that is paired over examples.
 *
 * @throws {InputError} where they aren't predictions of the same examples.
 */
export function comparePredictions(
  reference: NamedPredictions,
  compared: NamedPredictions,
  names: readonly FigureName[],
  { binning, seed, resamples }: MeasuringOptions,
): Comparison {
  checkSameExamples(reference, compared);
  const { classes, labels } = reference.predictions;
  const [before, after] = [reference, compared].map(({ predictions }) =>
    measureFigures(forecastsOf(predictions), names, binning)
  );
  return {
    n: labels.length,
    classes,
    reference: { file: reference.name, figures: before() },
    compared: { file: compared.name, figures: after() },
    difference: compareRuns([before], [after], labels.length, { seed, resamples }),
  };
}

/** Returns what `--json` prints: the figures of a file lie beside its name. */
export function comparisonJson({ reference, compared, difference, ...counts }: Comparison): object {
  const flat = ({ file, figures }: NamedFigures) => ({ file, ...figures });
  return { ...counts, reference: flat(reference), compared: flat(compared), difference };
}
