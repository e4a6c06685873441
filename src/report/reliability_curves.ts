import { interpolate } from "../calibration/metrics/isotonic_regression.ts";
import type { ReliabilityPoint } from "../calibration/metrics/reliability.ts";
import type { Distributions } from "./distributions.ts";
import type { Table } from "./document.ts";
import { formatDecimal, formatShare } from "./format.ts";

/** The confidences at which the table reads the curves. */
const confidences = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

/** Reads a reliability curve at a confidence; null where no answer has one so low, or so high. */
export function accuracyAt(curve: readonly ReliabilityPoint[], confidence: number): number | null {
  const places = curve.map((point) => point.confidence);
  if (confidence < places[0] || confidence > places[places.length - 1]) return null;
  return interpolate({ places, values: curve.map(({ accuracy }) => accuracy) }, confidence);
}

/** Makes a table of the curves, for those who read or copy numbers. */
export function curveTable(trainings: readonly Distributions[]): Table {
  return {
    caption: "How often answers of a confidence are right, by the curves",
    headings: ["Variant", ...confidences.map((confidence) => formatDecimal(confidence, 2))],
    groups: trainings.map(({ variant, reliabilityCurves: { uncalibrated, calibrated } }) =>
      ([[variant, uncalibrated], [`${variant}, temperature`, calibrated]] as const).map(([name, curve]) => ({
        name,
        cells: confidences.map((confidence) => formatShare(accuracyAt(curve, confidence))),
      }))
    ),
  };
}
