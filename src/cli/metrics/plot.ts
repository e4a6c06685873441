import { writeFileSync } from "node:fs";
import type { Binning } from "../../calibration/metrics/bins.ts";
import { forecastsOf } from "../../calibration/predictions/file.ts";
import { reliability } from "../../calibration/metrics/reliability.ts";
import type { NamedPredictions } from "../../calibration/predictions/same_examples.ts";
import { topLabel } from "../../calibration/metrics/top_label.ts";
import { InputError } from "../../errors.ts";

/**
 * Writes reliability diagrams of the files, side by side.
 *
 * @throws {InputError} where the path can't be written.
 */
export async function writeDiagrams(
  path: string,
  files: readonly NamedPredictions[],
  binning: Binning,
): Promise<void> {
  // Whoever wants no diagram doesn't wait for the library to load.
  const { reliabilityFile } = await import("../../report/charts/reliability_file.ts");
  const diagrams = files.map(({ name, predictions }) => {
    const { probabilities, labels, classes } = forecastsOf(predictions);
    return { name, ...reliability(topLabel(probabilities, labels, classes), binning) };
  });
  try {
    writeFileSync(path, reliabilityFile(diagrams));
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    const found = `a path that can't be written (${cause.code})`;
    throw new InputError({ at: { file: path }, found, expected: "a file in a folder that exists" }, {
      cause,
    });
  }
}
