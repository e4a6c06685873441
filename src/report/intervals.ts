import type { VariantComparison } from "./comparison.ts";
import { formatCount } from "./format.ts";

/** Explains how the intervals of a comparison were made, and what they leave out. */
export function intervalsText(
  { resamples, seeds, fittedOn = "dev1" }:
    & Pick<VariantComparison, "resamples" | "seeds">
    & Partial<Pick<VariantComparison, "fittedOn">>,
): string {
  const paired = seeds.length === 1 ? "examples" : "examples and over seeds";
  return `Intervals come from a bootstrap of ${
    formatCount(resamples)
  } resamples, paired over ${paired}: each resample ` +
    "draws them anew, the same for all variants. The intervals leave out the uncertainty of fitting a calibrator, " +
    `such as the temperature, on ${fittedOn}.` +
    (seeds.length === 1
      ? ""
      : ` ${seedVariance(seeds.length)}. For both reasons they are narrower than they should be.`);
}

/** Explains the verdicts of a table of differences. */
export function verdictText(reference: string): string {
  return `“Higher” and “lower” compare with the ${reference}. Where the interval includes 0, there is no evidence of a ` +
    "difference. Expect about 1 comparison in 20 to be a false alarm.";
}

/** Says how much of the variance between trainings a bootstrap over so few seeds shows: see `compareAll`. */
export function seedVariance(seeds: number): string {
  return `Resamples of ${seeds} seeds show ${seeds - 1}/${seeds} of the variance between trainings`;
}
