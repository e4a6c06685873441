import type { LabelledLogits } from "../predictions/forecasts.ts";

/** The bounds between which the best temperature is sought. */
export interface TemperatureBounds {
  readonly lowest: number;
  readonly highest: number;
}

/** The bounds of temperature scaling. */
export const temperatureBounds: TemperatureBounds = { lowest: 0.05, highest: 20 };

/** A fitted temperature. */
export interface Temperature {
  readonly value: number;
  /**
   * Whether the likelihood still rose at the end of the range, so that the value is a bound and not an
   * optimum.
   */
  readonly atBound: boolean;
}

/**
 * Fits the temperature T that minimises the NLL of softmax(logits / T) (Guo et al. 2017), by Newton's method
 * on the slope in 1/T. Because the NLL is convex in 1/T, the slope changes its sign at most once, and where
 * it does is the minimum. There is no minimum if the classifier separates the data or does worse than chance:
 * then T is the nearest bound, and `atBound` says so. Where no temperature makes a difference, because each
 * row's logits are equal, T is 1.
 *
 * @example An overconfident classifier gets a temperature above 1
 * ```ts
 * import assert from "node:assert/strict";
 * import { applyTemperature, fitTemperature } from "./temperature.ts";
 *
 * // Four examples, in all of which class 0 has the probability 0.95; but it is right in three only.
 * const logits = Float64Array.of(3, 0, 3, 0, 3, 0, 3, 0);
 * const dev1 = { labels: Int32Array.of(0, 0, 0, 1), classes: 2, logits };
 * const { value } = fitTemperature(dev1);
 * assert.ok(Math.abs(value - 3 / Math.log(3)) < 1e-9); // then the probability is 0.75
 * const calibrated = applyTemperature(dev1, value);
 * assert.ok(Math.abs(calibrated.logits[0] - Math.log(3)) < 1e-9);
 * ```
 */
export function fitTemperature(
  predictions: LabelledLogits,
  { lowest, highest }: TemperatureBounds = temperatureBounds,
): Temperature {
  if (!hasUnequalLogits(predictions)) return { value: 1, atBound: false };
  const { slope: slopeAtLowest } = derivatives(predictions, 1 / lowest);
  const { slope: slopeAtHighest } = derivatives(predictions, 1 / highest);
  if (slopeAtLowest <= 0) return { value: lowest, atBound: true };
  if (slopeAtHighest >= 0) return { value: highest, atBound: true };
  return {
    value: 1 / findRoot((beta) => derivatives(predictions, beta), 1 / highest, 1 / lowest),
    atBound: false,
  };
}

/**
 * Finds where a rising function of positive numbers is 0, by Newton's method and by bisection where that
 * leaves the bounds.
 */
function findRoot(at: (x: number) => Derivatives, low: number, high: number): number {
  const precision = 1e-12;
  let x = Math.sqrt(low * high);
  while (high - low > precision * high) {
    const { slope, curvature } = at(x);
    if (slope > 0) high = x;
    else low = x;
    const newton = x - slope / curvature;
    if (Math.abs(newton - x) <= precision * x) return newton;
    x = newton > low && newton < high ? newton : Math.sqrt(low * high);
  }
  return x;
}

/** Whether any row has logits that differ, so that a temperature makes a difference. */
function hasUnequalLogits({ logits, classes }: LabelledLogits): boolean {
  return logits.some((logit, at) => logit !== logits[at - at % classes]);
}

/**
 * Divides logits by a temperature; energies stay as they are, because they are the classifier's own. Where
 * quotients would be infinite, the largest logit of each row is subtracted from all of it first.
 */
export function applyTemperature<Kind extends LabelledLogits>(predictions: Kind, temperature: number): Kind {
  const { logits, classes } = predictions;
  const quotients = logits.map((logit) => logit / temperature);
  if (quotients.every(Number.isFinite)) return { ...predictions, logits: quotients };
  const fromLargest = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const largest = row.reduce((a, b) => Math.max(a, b));
    fromLargest.set(row.map((logit) => (logit - largest) / temperature), start);
  }
  return { ...predictions, logits: fromLargest };
}

/** The first two derivatives of n · NLL with respect to β = 1/T. */
interface Derivatives {
  readonly slope: number;
  readonly curvature: number;
}

/**
 * Computes both derivatives. A logit exceeds that of the true class by some amount; the slope sums up the
 * mean of these amounts under softmax(β · logits) over all examples, and the curvature their variance. Taking
 * differences from the true class keeps both exactly 0 where all logits of a row are equal.
 */
function derivatives({ logits, labels, classes }: LabelledLogits, beta: number): Derivatives {
  let slope = 0;
  let curvature = 0;
  for (let i = 0; i < labels.length; i++) {
    const [start, end] = [i * classes, (i + 1) * classes];
    const own = logits[start + labels[i]];
    let largest = -Infinity;
    for (let at = start; at < end; at++) largest = Math.max(largest, logits[at]);
    let weights = 0;
    let first = 0;
    let second = 0;
    for (let at = start; at < end; at++) {
      const weight = Math.exp(beta * (logits[at] - largest));
      if (weight === 0) continue; // its excess may be infinite, and 0 · ∞ would be NaN
      const excess = logits[at] - own;
      weights += weight;
      first += weight * excess;
      second += weight * excess * excess;
    }
    const mean = first / weights;
    slope += mean;
    curvature += second / weights - mean * mean;
  }
  return { slope, curvature };
}
