import type { RankTally } from "./ranks.ts";

/**
 * Returns the area under the receiver operating characteristic, from 0 to 1: the probability that a positive
 * has a larger score than a negative, where equal scores count half (midranks). It is 0.5 by chance, and NaN
 * where there are no positives or no negatives.
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
 * Returns the area under the precision-recall curve as average precision, from 0 to 1: the precision at each
 * distinct score is weighted by the recall that is gained there, without interpolation, as in scikit-learn.
 * By chance it is the share of positives, and where there are none it is NaN.
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
 * Returns the share of negatives that the largest threshold accepts that accepts at least `truePositiveRate`
 * of the positives; with 0.95 it is called FPR@95. It lies between 0 and 1, and is NaN where there are no
 * positives or no negatives.
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

/** The two forms of {@link aurc}, both of which are called AURC. */
export type AurcForm = "mean of selective risks" | "trapezoid";

/**
 * Returns the area under the risk-coverage curve (Geifman and El-Yaniv 2017), where scores are confidences
 * and positives are the right answers. The risk at k is the share of wrong answers among the k most
 * confident. The area is either the mean of the risks over all k from 1 to n (the default), or the area by
 * the trapezoidal rule, divided by the coverage that it spans, from 1/n to 1 (as in torch-uncertainty; NaN
 * where n is 1). It lies between 0 and 1; lower is better.
 *
 * Among equally confident answers, the risk is the expected one over all their orders, so that the order of
 * the examples doesn't matter.
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
