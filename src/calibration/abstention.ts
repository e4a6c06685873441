import { InputError } from "../errors.ts";

/** Labelled examples that thresholds are chosen on. */
export interface Answers {
  /** The probability of the class that was chosen. [n] */
  readonly confidence: ArrayLike<number>;
  /** 1 where that class is the true one, else 0. [n] */
  readonly right: ArrayLike<number>;
}

/** From which confidence on texts are answered, and what is promised of them. */
export interface Abstention {
  /** Texts are answered whose confidence is above this; from the others the classifier abstains. */
  readonly threshold: number;
  /** The share of the examples that is answered. */
  readonly coverage: number;
  /** The error among those. */
  readonly error: number;
}

/** The probability with which what is promised may be wrong, over draws of the examples. */
export const abstentionRisk = 0.05;

/** How many shares of the examples are tried: the most confident twentieth, tenth, and so on up to all. */
const levels = 20;

/**
 * Chooses the confidence up to which to abstain, so that the error among the other texts is at most
 * `maxError`. This holds with a probability of 95 % over draws of the examples, if texts come from where the
 * examples do and the confidences don't depend on the examples' labels. Those after a temperature that the same
 * labels chose do a little where there are more than two classes, whose texts it can put in another order.
 *
 * Each level's threshold is a confidence at a fixed rank. Given it, the examples above are independent draws
 * of texts above it, so that their errors are binomial, and an exact test says whether they are evidence
 * (Clopper and Pearson 1934). Twenty levels share the 5 % (Bonferroni), and the largest that passes wins.
 *
 * @example Where mistakes are among the unsure ones
 * ```ts
 * import assert from "node:assert/strict";
 * import { abstention } from "./abstention.ts";
 *
 * // Of a thousand examples, the 500 with a confidence above 0.75 are all right, half of the others are.
 * const confidence = Array.from({ length: 1000 }, (_, i) => 1 - i / 2000);
 * const right = confidence.map((one, i) => one > 0.75 || i % 2 === 0 ? 1 : 0);
 * const { threshold, coverage, error } = abstention({ confidence, right }, 0.02);
 * assert.deepEqual([threshold, coverage, error], [0.75, 0.5, 0]);
 * ```
 *
 * @throws {InputError} where no level of the examples is evidence for so small an error.
 */
export function abstention(answers: Answers, maxError: number): Abstention {
  const tried = levelsOf(answers);
  const isEvidence = (error: number) => ({ answered, errors }: Level) =>
    binomialTail(errors, answered, error) <= abstentionRisk / levels;
  const found = tried.find(isEvidence(maxError));
  const n = answers.confidence.length;
  if (found) {
    const { threshold, answered, errors } = found;
    return { threshold, coverage: answered / n, error: errors / answered };
  }
  const smallest = Array.from({ length: 99 }, (_, index) => (index + 1) / 100)
    .find((error) => tried.some(isEvidence(error)));
  throw new InputError({
    found: `no confidence above which ${n} labelled texts are evidence for an error of at most ${maxError}`,
    expected: smallest === undefined ? "more labelled texts" : `an error of ${smallest} or more`,
    fix: "Allow such an error, or choose the confidence on more labelled texts.",
  });
}

/** A threshold, and how the examples above it were answered. */
interface Level {
  readonly threshold: number;
  readonly answered: number;
  readonly errors: number;
}

/** Returns the levels, that of all examples first. */
function levelsOf({ confidence, right }: Answers): readonly Level[] {
  const n = confidence.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => confidence[b] - confidence[a]);
  return Array.from({ length: levels }, (_, index) => {
    const rank = Math.floor((levels - index) * n / levels);
    const threshold = rank < n ? confidence[order[rank]] : 0;
    const answered = order.filter((i) => confidence[i] > threshold);
    return { threshold, answered: answered.length, errors: answered.filter((i) => right[i] === 0).length };
  });
}

/** Returns P(X ≤ k) for X binomial with n draws of probability p; 1 where there are no draws. */
export function binomialTail(k: number, n: number, p: number): number {
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  let log = n * Math.log1p(-p); // ln P(X = 0)
  let total = Math.exp(log);
  for (let i = 1; i <= k; i++) {
    log += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p);
    total += Math.exp(log);
  }
  return Math.min(1, total);
}
