import { logSoftmax } from "../predictions/softmax.ts";
import { minimise } from "./newton.ts";

/** A linear map from parameters to the logits of all examples, with its adjoint. */
export interface LinearScores {
  readonly classes: number;
  /** Returns the logits. [parameters] → [n × classes] */
  scores(parameters: Float64Array): Float64Array;
  /**
   * Sums for each parameter, over all logits, how much it moves a logit times the weight of that logit. [n ×
   * classes] → [parameters]
   */
  adjoint(weights: Float64Array): Float64Array;
}

/** Draws the parameters to a point, by adding ½ · strength · squared distance to the sum of losses. */
export interface Shrinkage {
  readonly centre: Float64Array;
  readonly strength: number;
}

/**
 * Finds the parameters that minimise the sum of cross-entropies between targets and softmax(scores), plus the
 * shrinkage. With a positive strength there is exactly one minimum, even where classes are separable or
 * missing.
 *
 * @param targets The probabilities that examples should have; each row sums to 1. [n × classes]
 */
export function softmaxRegression(
  { classes, scores, adjoint }: LinearScores,
  targets: Float64Array,
  { centre, strength }: Shrinkage,
): Float64Array {
  return minimise({
    value: (point) => {
      const logs = logSoftmax(scores(point), classes);
      let total = 0;
      for (let at = 0; at < logs.length; at++) if (targets[at] > 0) total -= targets[at] * logs[at];
      for (let at = 0; at < point.length; at++) total += strength / 2 * (point[at] - centre[at]) ** 2;
      return total;
    },
    slopes: (point) => {
      const probabilities = logSoftmax(scores(point), classes).map(Math.exp);
      const gradient = adjoint(probabilities.map((one, at) => one - targets[at]))
        .map((one, at) => one + strength * (point[at] - centre[at]));
      const hessianTimes = (direction: Float64Array) =>
        adjoint(curved(probabilities, scores(direction), classes))
          .map((one, at) => one + strength * direction[at]);
      return { gradient, hessianTimes };
    },
  }, centre);
}

/**
 * Multiplies the Hessian of the loss in the logits with moves of the logits: p ⊙ (move − its mean under p),
 * row by row.
 */
function curved(probabilities: Float64Array, moves: Float64Array, classes: number): Float64Array {
  const result = new Float64Array(moves.length);
  for (let start = 0; start < moves.length; start += classes) {
    let mean = 0;
    for (let at = start; at < start + classes; at++) mean += probabilities[at] * moves[at];
    for (let at = start; at < start + classes; at++) result[at] = probabilities[at] * (moves[at] - mean);
  }
  return result;
}

/** Returns targets of 1 for each label, else 0. [n] → [n × classes] */
export function oneHot(labels: Int32Array, classes: number): Float64Array {
  const targets = new Float64Array(labels.length * classes);
  labels.forEach((label, i) => targets[i * classes + label] = 1);
  return targets;
}
