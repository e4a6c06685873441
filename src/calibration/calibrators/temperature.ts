import type { LabelledLogits } from "../predictions/forecasts.ts";

/** The temperatures among which the best is sought. */
export const temperatureBounds = { lowest: 0.05, highest: 20 } as const;

/** A fitted temperature. */
export interface Temperature {
  readonly value: number;
  /** Whether the likelihood still rose at the end of the range: the value is then not the data's. */
  readonly atBound: boolean;
}

/**
 * The temperature T that minimises the NLL of softmax(logits / T) (Guo et al. 2017), by Newton's method
 * on its slope in 1/T. The NLL is convex in 1/T, so its slope changes sign at most once and what is found is the
 * minimum. Data that the classifier separates, or that it does worse than chance on, have none: they get the
 * nearest bound, and `atBound` says so. Where no temperature makes a difference (each row's logits are equal)
 * it is 1.
 */
export function fitTemperature(predictions: LabelledLogits): Temperature {
  const { lowest, highest } = temperatureBounds;
  const { slope: slopeAtLowest } = derivatives(predictions, 1 / lowest);
  const { slope: slopeAtHighest } = derivatives(predictions, 1 / highest);
  if (slopeAtLowest === 0 && slopeAtHighest === 0) return { value: 1, atBound: false };
  if (slopeAtLowest <= 0) return { value: lowest, atBound: true };
  if (slopeAtHighest >= 0) return { value: highest, atBound: true };
  return {
    value: 1 / findRoot((beta) => derivatives(predictions, beta), 1 / highest, 1 / lowest),
    atBound: false,
  };
}

/** Where a rising function of positive numbers is 0: Newton's method, and bisection where that leaves the bounds. */
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

/** The predictions with logits divided by the temperature; energies are the classifier's own and stay. */
export function applyTemperature<Kind extends LabelledLogits>(predictions: Kind, temperature: number): Kind {
  return { ...predictions, logits: predictions.logits.map((logit) => logit / temperature) };
}

/** Of n · NLL, by β = 1/T. */
interface Derivatives {
  readonly slope: number;
  readonly curvature: number;
}

/**
 * The slope is the sum over examples of the mean, under softmax(β · logits), of what the logits exceed the
 * true class's by; the curvature that of its variance. Differences to the true class keep both exactly 0
 * where all logits of a row are equal.
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
