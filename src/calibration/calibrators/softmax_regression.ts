import { logSoftmax } from "../predictions/softmax.ts";
import { minimise } from "./newton.ts";

/** How parameters make logits of all examples: a linear map, and its adjoint. */
export interface LinearScores {
  readonly classes: number;
  /** Logits. [n × classes] */
  scores(parameters: Float64Array): Float64Array;
  /** Of each parameter, the sum over logits of how much it moves one, times that one's weight. */
  adjoint(weights: Float64Array): Float64Array;
}

/** Draws the parameters to a point: ½ · strength · squared distance is added to the sum of losses. */
export interface Shrinkage {
  readonly centre: Float64Array;
  readonly strength: number;
}

/**
 * The parameters that minimise the sum of cross-entropies between targets and softmax(scores), plus the shrinkage.
 * With a positive strength there is exactly one minimum, also where classes are separable or missing.
 *
 * @param targets each row sums to 1 [n × classes]
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

/** The Hessian of the loss by the logits, times moves of these: p ⊙ (move − its mean under p), row by row. */
function curved(probabilities: Float64Array, moves: Float64Array, classes: number): Float64Array {
  const result = new Float64Array(moves.length);
  for (let start = 0; start < moves.length; start += classes) {
    let mean = 0;
    for (let at = start; at < start + classes; at++) mean += probabilities[at] * moves[at];
    for (let at = start; at < start + classes; at++) result[at] = probabilities[at] * (moves[at] - mean);
  }
  return result;
}

/** Certain targets: 1 for the label. [n × classes] */
export function oneHot(labels: Int32Array, classes: number): Float64Array {
  const targets = new Float64Array(labels.length * classes);
  labels.forEach((label, i) => targets[i * classes + label] = 1);
  return targets;
}
