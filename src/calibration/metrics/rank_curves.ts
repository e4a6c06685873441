import type { RankTally } from "./ranks.ts";

/**
 * Area under the receiver operating characteristic: the probability that a positive has a larger score than
 * a negative, where equal scores count half (midranks). From 0 to 1, 0.5 by chance; NaN where there are no
 * positives or no negatives.
 */
export function auroc({ positives, negatives }: RankTally): number {
  let above = 0; // positives with a larger score
  let seen = 0; // negatives
  let won = 0;
  for (let rank = 0; rank < positives.length; rank++) {
    won += negatives[rank] * (above + positives[rank] / 2);
    above += positives[rank];
    seen += negatives[rank];
  }
  return won / (above * seen);
}

/**
 * Area under the precision-recall curve as average precision: precision at each distinct score, weighed by
 * the recall that is gained there, without interpolation (as scikit-learn has it). From 0 to 1, by chance the
 * share of positives; NaN where there are none.
 */
export function averagePrecision({ positives, negatives }: RankTally): number {
  let truePositives = 0;
  let all = 0;
  let area = 0;
  for (let rank = 0; rank < positives.length; rank++) {
    truePositives += positives[rank];
    all += positives[rank] + negatives[rank];
    if (positives[rank] > 0) area += positives[rank] * truePositives / all;
  }
  return area / truePositives;
}

/**
 * The share of negatives accepted by the largest threshold that accepts at least `truePositiveRate` of the
 * positives; with 0.95, FPR@95. From 0 to 1; NaN where there are no positives or no negatives.
 */
export function falsePositiveRate({ positives, negatives }: RankTally, truePositiveRate = 0.95): number {
  const [allPositives, allNegatives] = [sum(positives), sum(negatives)];
  if (allPositives === 0) return NaN;
  let accepted = 0;
  let wrongly = 0;
  for (let rank = 0; rank < positives.length && accepted < truePositiveRate * allPositives; rank++) {
    accepted += positives[rank];
    wrongly += negatives[rank];
  }
  return wrongly / allNegatives;
}

/** The two figures that are called AURC: see `aurc`. */
export type AurcForm = "mean of selective risks" | "trapezoid";

/**
 * Area under the risk-coverage curve (Geifman and El-Yaniv 2017), where scores are confidences and positives
 * the right answers: the share of wrong answers among the k most confident, over all k from 1 to n. Either
 * its mean (the default), or the area by the trapezoidal rule divided by the coverage that it spans, from 1/n
 * to 1 (as torch-uncertainty has it; NaN where n is 1). From 0 to 1, the less the better.
 *
 * Of equally confident answers the risk is the expected one over all their orders, so the order of the
 * examples plays no part.
 */
export function aurc(
  { positives, negatives }: RankTally,
  form: AurcForm = "mean of selective risks",
): number {
  let covered = 0;
  let errors = 0;
  let risks = 0;
  let firstRisk = 0;
  for (let rank = 0; rank < positives.length; rank++) {
    const examples = positives[rank] + negatives[rank];
    const errorRate = negatives[rank] / examples;
    if (covered === 0) firstRisk = errorRate;
    for (let k = 1; k <= examples; k++) risks += (errors + k * errorRate) / (covered + k);
    covered += examples;
    errors += negatives[rank];
  }
  if (form === "mean of selective risks") return risks / covered;
  return (risks - (firstRisk + errors / covered) / 2) / (covered - 1);
}

function sum(values: Int32Array): number {
  return values.reduce((total, one) => total + one, 0);
}
