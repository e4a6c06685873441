import { softmax } from "./softmax.ts";

/**
 * The means of several members' probabilities, as logits: of a deep ensemble (Lakshminarayanan et al. 2017), or of passes with
 * dropout (Gal and Ghahramani 2016). Logits [n × classes] each give the same.
 */
export function meanLogits(members: readonly Float64Array[], classes: number): Float64Array {
  const probabilities = members.map((logits) => softmax(logits, classes));
  return probabilities[0].map((_, at) =>
    Math.log(probabilities.reduce((sum, one) => sum + one[at], 0) / members.length)
  );
}
