import type { LabelledLogits } from "../predictions/forecasts.ts";
import { fitTemperature, type Temperature, temperatureBounds } from "./temperature.ts";

/** Logits on a scale on which calibrators can be fitted, whatever scale the classifier gave them. */
export interface Scaled {
  /** What logits are divided by before a calibrator is fitted or applied; 1 unless their scale is extreme. */
  readonly unit: number;
  /** The temperature of the divided logits that minimises their NLL. */
  readonly temperature: number;
  /** A note on that temperature, where it is not one that temperature scaling could find. */
  readonly note?: string;
}

/** The sizes of logits that are taken as they are. Probabilities of larger ones are 0 and 1 in float64. */
const ordinarySizes = { smallest: 1 / 32, largest: 32 } as const;

/** The bounds of the best temperature, as a multiple of the size of the logits. */
const relativeBounds = { lowest: 1e-6, highest: 1e6 } as const;

/**
 * Finds the scale of logits, so that it doesn't matter to calibrators which one a classifier has chosen.
 * Where temperature scaling finds a temperature within its bounds, nothing is changed. Otherwise the
 * temperature is sought relative to the size of the logits, and logits of an extreme size are divided by the
 * nearest power of ten. Where no temperature is the best, because the classifier separates the data or does
 * worse than chance, it is 0.05 or 20 times the size.
 */
export function scaleOf(dev1: LabelledLogits): Scaled {
  const found = fitTemperature(dev1);
  if (!found.atBound) return { unit: 1, temperature: found.value };
  const size = sizeOf(dev1.logits, dev1.classes);
  const ordinary = size >= ordinarySizes.smallest && size <= ordinarySizes.largest;
  const unit = ordinary ? 1 : 10 ** Math.round(Math.log10(size));
  const { value, atBound } = relativeTemperature(divided(dev1, size));
  const note = atBound
    ? "drawn to a temperature that is at a bound, because none is the best"
    : `drawn to T = ${(value * size).toPrecision(4)}, which is beyond the bounds of temperature scaling`;
  return { unit, temperature: value * (size / unit), note };
}

/** Divides logits by a unit. */
export function divided<Kind extends LabelledLogits>(predictions: Kind, unit: number): Kind {
  return unit === 1 ? predictions : { ...predictions, logits: predictions.logits.map((one) => one / unit) };
}

function relativeTemperature(standardised: LabelledLogits): Temperature {
  const found = fitTemperature(standardised, relativeBounds);
  return found.atBound ? fitTemperature(standardised, temperatureBounds) : found;
}

/**
 * Returns the root mean square of how far values are from the mean of their row, because what is equal in a
 * row says nothing. Distances whose squares float64 couldn't hold are measured in units of a power of 2.
 */
export function sizeOf(values: Float64Array, classes: number): number {
  const unit = unitOfSquares(values, classes);
  let total = 0;
  for (let start = 0; start < values.length; start += classes) {
    const row = values.subarray(start, start + classes);
    const mean = row.reduce((sum, one) => sum + one / unit / classes, 0);
    for (const one of row) total += (one / unit - mean) ** 2;
  }
  return Math.sqrt(total / values.length) * unit;
}

function unitOfSquares(values: Float64Array, classes: number): number {
  let widest = 0;
  for (let start = 0; start < values.length; start += classes) {
    const row = values.subarray(start, start + classes);
    const [largest, least] = [row.reduce((a, b) => Math.max(a, b)), row.reduce((a, b) => Math.min(a, b))];
    widest = Math.max(widest, largest - least);
  }
  if (widest === 0 || (widest > 1e-120 && widest < 1e120)) return 1;
  return 2 ** Math.min(1023, Math.floor(Math.log2(widest)));
}

/** Returns the largest absolute value. */
export function largestOf(values: Float64Array): number {
  return values.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
}
