import type { RankTally } from "./ranks.ts";

/** A share of the examples, and the error among them. */
export interface RiskAtCoverage {
  /** The share of the examples that are answered, the most confident first. */
  readonly coverage: number;
  /** The share of wrong answers among them. */
  readonly risk: number;
}

/**
 * Returns points of the risk-coverage curve (Geifman and El-Yaniv 2017), where scores are confidences and
 * positives are the right answers: the risk at coverages of 1/points, 2/points and so on up to 1. Among equally
 * confident answers, the risk is the expected one over all their orders.
 *
 * @example Two of four answers are wrong, one of them with a doubt
 * ```ts
 * import assert from "node:assert/strict";
 * import { riskCoverage } from "./risk_coverage.ts";
 *
 * const tally = { positives: Int32Array.of(1, 1, 0), negatives: Int32Array.of(1, 0, 1) };
 * const risks = riskCoverage(tally, 4).map(({ risk }) => risk);
 * assert.deepEqual(risks, [1 / 2, 1 / 2, 1 / 3, 1 / 2]);
 * ```
 */
export function riskCoverage({ positives, negatives }: RankTally, points: number): RiskAtCoverage[] {
  const examples = positives.reduce((sum, count, rank) => sum + count + negatives[rank], 0);
  const curve: RiskAtCoverage[] = [];
  let [rank, covered, errors] = [0, 0, 0];
  for (let point = 1; point <= points; point++) {
    const answered = Math.max(1, Math.round(point / points * examples));
    while (rank < positives.length && covered + positives[rank] + negatives[rank] <= answered) {
      covered += positives[rank] + negatives[rank];
      errors += negatives[rank++];
    }
    const more = answered - covered;
    const expected = more === 0 ? 0 : more * negatives[rank] / (positives[rank] + negatives[rank]);
    curve.push({ coverage: answered / examples, risk: (errors + expected) / answered });
  }
  return curve;
}
