import type { LabelledLogits } from "../predictions/forecasts.ts";
import { forecastsFromLogits } from "../predictions/forecasts.ts";
import { measureFigures } from "./figures.ts";
import { calibrationFloor, type Floor } from "./floor.ts";
import { type ReliabilityBin, reliabilityBins } from "./reliability.ts";
import { topLabel } from "./top_label.ts";

/** The figures of one training that its report shows. */
export const scoreNames = ["accuracy", "nll", "brier", "ece", "ece_debiased", "ece_classwise"] as const;

/**
 * The figures of one training's predictions, with bins of the default kind: 20 of equal width, (a, b], in
 * float64.
 */
export interface Scores extends Readonly<Record<typeof scoreNames[number], number>> {
  /** Only where the data set is usually reported by it. */
  readonly mcc?: number | undefined;
  readonly ece_floor: Floor;
  readonly reliability: readonly ReliabilityBin[];
}

/**
 * Measures the predictions of one training (method.md §4).
 *
 * @param seed The seed of the labels that are redrawn for the floor of the ECE.
 * @param metric The figure by which results on the data set are usually reported, where it has one.
 */
export function score(predictions: LabelledLogits, seed: number, metric?: "accuracy" | "mcc"): Scores {
  const forecasts = forecastsFromLogits(predictions);
  const top = topLabel(forecasts.probabilities, forecasts.labels, forecasts.classes);
  return {
    ...measureFigures(forecasts, metric === "mcc" ? ["mcc", ...scoreNames] : scoreNames)(),
    ece_floor: calibrationFloor(top.confidences, seed),
    reliability: reliabilityBins(top),
  };
}
