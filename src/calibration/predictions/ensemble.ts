import { softmax } from "./softmax.ts";

/**
 * Joins several members' predictions, those of a deep ensemble (Lakshminarayanan et al. 2017) or of passes
 * with dropout (Gal and Ghahramani 2016): returns logits whose probabilities are the means of the members'.
 * [n × classes]
 *
 * @param members Each member's logits. [n × classes]
 */
export function meanLogits(members: readonly Float64Array[], classes: number): Float64Array {
  const probabilities = members.map((logits) => softmax(logits, classes));
  return probabilities[0].map((_, at) =>
    Math.log(probabilities.reduce((sum, one) => sum + one[at], 0) / members.length)
  );
}
