import { logSoftmax, softmax } from "./softmax.ts";

/**
 * Joins several members' predictions, those of a deep ensemble (Lakshminarayanan et al. 2017) or of passes
 * with dropout (Gal and Ghahramani 2016): returns logits whose probabilities are the means of the members'.
 * [n × classes]
 *
 * @param members Each member's logits. [n × classes]
 */
export function meanLogits(members: readonly Float64Array[], classes: number): Float64Array {
  const probabilities = members.map((logits) => softmax(logits, classes));
  const joint = probabilities[0].map((_, at) =>
    Math.log(probabilities.reduce((sum, one) => sum + one[at], 0) / members.length)
  );
  return joint.includes(-Infinity) ? withoutUnderflow(joint, members, classes) : joint;
}

/** Replaces logits of −∞ where every member's probability is too small for float64, though it isn't 0. */
function withoutUnderflow(
  joint: Float64Array,
  members: readonly Float64Array[],
  classes: number,
): Float64Array {
  const logProbabilities = members.map((logits) => logSoftmax(logits, classes));
  return joint.map((one, at) => {
    if (one !== -Infinity) return one;
    const logs = logProbabilities.map((member) => member[at]);
    const largest = Math.max(...logs);
    if (largest === -Infinity) return one;
    return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0) / members.length);
  });
}
