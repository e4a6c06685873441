import type { Predictions } from "./predictions.ts";

/** The temperatures among which the best is sought. */
export const temperatureBounds = { lowest: 0.05, highest: 20 } as const;

/** A fitted temperature. */
export interface Temperature {
  readonly value: number;
  /** Whether the likelihood still rose at the end of the range: the value is then not the data's. */
  readonly atBound: boolean;
}

/**
 * The temperature T that minimises the NLL of softmax(logits / T) (Guo et al. 2017), by bisection of its
 * slope on ln T. The NLL is convex in 1/T, so its slope changes sign at most once and what is found is the
 * minimum. Data that the classifier separates, or that it does worse than chance on, have none: they get the
 * nearest bound, and `atBound` says so. Where no temperature makes a difference (each row's logits are equal)
 * it is 1.
 */
export function fitTemperature(predictions: Predictions): Temperature {
  const { lowest, highest } = temperatureBounds;
  const slopeAtLowest = slope(predictions, 1 / lowest);
  const slopeAtHighest = slope(predictions, 1 / highest);
  if (slopeAtLowest === 0 && slopeAtHighest === 0) return { value: 1, atBound: false };
  if (slopeAtLowest <= 0) return { value: lowest, atBound: true };
  if (slopeAtHighest >= 0) return { value: highest, atBound: true };
  let [cold, hot] = [Math.log(lowest), Math.log(highest)];
  while (hot - cold > 1e-12) {
    const middle = (cold + hot) / 2;
    if (slope(predictions, Math.exp(-middle)) > 0) cold = middle;
    else hot = middle;
  }
  return { value: Math.exp((cold + hot) / 2), atBound: false };
}

/** The predictions with logits divided by the temperature; energies are the classifier's own and stay. */
export function applyTemperature(predictions: Predictions, temperature: number): Predictions {
  return { ...predictions, logits: predictions.logits.map((logit) => logit / temperature) };
}

/**
 * d(n · NLL)/dβ at β = 1/T: the sum over examples of what the logits exceed the true class's by, averaged
 * under softmax(β · logits). Differences to the true class keep it exactly 0 where all logits of a row are
 * equal.
 */
function slope({ logits, labels, classes }: Predictions, beta: number): number {
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const own = row[labels[i]];
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, row[c]);
    let weights = 0;
    let excess = 0;
    for (let c = 0; c < classes; c++) {
      const weight = Math.exp(beta * (row[c] - largest));
      weights += weight;
      excess += weight * (row[c] - own);
    }
    total += excess / weights;
  }
  return total;
}
