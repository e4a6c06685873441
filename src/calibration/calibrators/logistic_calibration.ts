import { shown } from "./fitted.ts";
import { logProbability, type OneClass, type OneClassFit, type ParametersOfOneClass } from "./one_class.ts";
import { softmaxRegression } from "./softmax_regression.ts";

/**
 * Fits Platt scaling (Platt 1999) of log-odds: σ(a · log-odds + b). It is fitted to Platt's smoothed targets,
 * (n₁ + 1) / (n₁ + 2) and 1 / (n₀ + 2), so that it stays finite where the classes are separable or one of
 * them is missing.
 */
export function fitPlatt({ logOdds, outcomes }: OneClass): OneClassFit<ParametersOfOneClass<"platt">> {
  const positives = outcomes.reduce((sum, one) => sum + one, 0);
  const [low, high] = [1 / (outcomes.length - positives + 2), (positives + 1) / (positives + 2)];
  const mean = logOdds.reduce((sum, one) => sum + one / logOdds.length, 0);
  const centred = logOdds.map((one) => one - mean);
  const targets = outcomes.map((one) => one === 1 ? high : low);
  const [a, shift] = logisticRegression([centred], targets, Float64Array.of(0, 0), 0);
  const b = shift - a * mean;
  const note = logOdds.every((one) => one === logOdds[0])
    ? "all scores are equal, so only the share of the class could be fitted"
    : a < 0 && positives > 0 && positives < outcomes.length
    ? "the order is turned round, because higher scores were less often right"
    : undefined;
  return { parameters: { kind: "platt", a, b }, summary: `a = ${shown(a)}, b = ${shown(b)}`, note };
}

/** Returns the log-odds that Platt scaling makes of a class's. */
export function applyPlatt({ a, b }: { readonly a: number; readonly b: number }, logOdds: number): number {
  return a * logOdds + b;
}

/**
 * A shrinkage so weak that it shows only where nothing else decides: with separable classes or equal scores.
 */
const betaStrength = 1e-6;

/**
 * Fits beta calibration (Kull et al. 2017): log-odds a · ln p − b · ln(1 − p) + c with a, b ≥ 0. A negative a
 * or b is set to 0 and the others are fitted again, as the authors do.
 */
export function fitBeta({ logOdds, outcomes }: OneClass): OneClassFit<ParametersOfOneClass<"beta">> {
  const features = [logOdds.map(logProbability), logOdds.map((one) => -logProbability(-one))];
  const fit = (used: readonly number[]) => {
    const centre = Float64Array.from([...used.map(() => 1), 0]);
    const found = logisticRegression(used.map((at) => features[at]), outcomes, centre, betaStrength);
    const weights = [0, 0];
    used.forEach((at, index) => weights[at] = found[index]);
    return [...weights, found[used.length]];
  };
  let [a, b, c] = fit([0, 1]);
  if (a < 0) [a, b, c] = fit([1]);
  else if (b < 0) [a, b, c] = fit([0]);
  if (a < 0 || b < 0) [a, b, c] = fit([]);
  return {
    parameters: { kind: "beta", a, b, c },
    summary: `a = ${shown(a)}, b = ${shown(b)}, c = ${shown(c)}`,
    note: separable(logOdds, outcomes)
      ? "scores tell the class without a mistake, so the likelihood has no maximum, and shrinkage keeps the fit finite"
      : a === 0 && b === 0
      ? "higher scores were not more often right, so only the share of the class could be fitted"
      : undefined,
  };
}

/** Returns the log-odds that beta calibration makes of a class's. */
export function applyBeta({ a, b, c }: ParametersOfOneClass<"beta">, logOdds: number): number {
  return a * logProbability(logOdds) - b * logProbability(-logOdds) + c;
}

/**
 * Whether a threshold of the scores tells the outcomes apart without a mistake, as it does where there is
 * only one outcome.
 */
function separable(scores: Float64Array, outcomes: Float64Array): boolean {
  let [lowest, highest] = [Infinity, -Infinity];
  scores.forEach((score, i) => {
    if (outcomes[i] === 1) lowest = Math.min(lowest, score);
    else highest = Math.max(highest, score);
  });
  return lowest > highest;
}

/**
 * Fits the weights of the features and, as the last parameter, the intercept. Features are divided by their
 * size, so that the search is well scaled.
 *
 * @param features Each [n].
 * @param targets The probability that each example should have. [n]
 * @param centre The parameters to which the fit is drawn, by a shrinkage of this strength.
 */
function logisticRegression(
  features: readonly Float64Array[],
  targets: Float64Array,
  centre: Float64Array,
  strength: number,
): Float64Array {
  const ones = new Float64Array(targets.length).fill(1);
  const sizes = [...features, ones].map((one) => rootMeanSquare(one) || 1);
  const columns = [...features, ones].map((column, at) => column.map((one) => one / sizes[at]));
  const scores = (parameters: Float64Array) => {
    const result = new Float64Array(2 * targets.length); // the other outcome has the logit 0
    columns.forEach((column, at) => column.forEach((one, i) => result[2 * i + 1] += parameters[at] * one));
    return result;
  };
  const adjoint = (weights: Float64Array) =>
    Float64Array.from(columns, (column) => column.reduce((sum, one, i) => sum + one * weights[2 * i + 1], 0));
  const both = new Float64Array(2 * targets.length);
  targets.forEach((one, i) => both.set([1 - one, one], 2 * i));
  const shrinkage = { centre: centre.map((one, at) => one * sizes[at]), strength };
  return softmaxRegression({ classes: 2, scores, adjoint }, both, shrinkage).map((one, at) =>
    one / sizes[at]
  );
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, one) => sum + one * one / values.length, 0));
}
