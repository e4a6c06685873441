import { assignBins, tallyBins } from "../metrics/bins.ts";
import { interpolate, isotonicRegression } from "../metrics/isotonic_regression.ts";
import { applyPlatt, fitPlatt } from "./logistic_calibration.ts";
import { logProbability, type OneClass, type OneClassFit, type ParametersOfOneClass } from "./one_class.ts";

/** The number of bins of Guo et al. 2017. */
const bins = 15;

/**
 * Fits histogram binning (Zadrozny and Elkan 2001): the share of the class in each of several bins of equal
 * mass.
 */
export function fitHistogram(
  { logOdds, outcomes }: OneClass,
): OneClassFit<ParametersOfOneClass<"histogram">> {
  const steps = stepsOf(logOdds.map(probability), outcomes);
  return {
    parameters: { kind: "histogram", ...steps },
    summary: `${steps.values.length} bins`,
    note: certainty(steps.values),
  };
}

/**
 * Fits Platt-binner, or scaling-binning (Kumar et al. 2019): Platt scaling, then the mean of its
 * probabilities in each bin.
 */
export function fitPlattBinner(one: OneClass): OneClassFit<ParametersOfOneClass<"platt-binner">> {
  const platt = fitPlatt(one);
  const scaled = one.logOdds.map((score) => probability(applyPlatt(platt.parameters, score)));
  const steps = stepsOf(scaled, scaled);
  return {
    parameters: { ...platt.parameters, kind: "platt-binner", ...steps },
    summary: `${platt.summary}, ${steps.values.length} bins`,
    note: platt.note,
  };
}

/** Fits isotonic regression (Zadrozny and Elkan 2002), with straight lines between the examples. */
export function fitIsotonic({ logOdds, outcomes }: OneClass): OneClassFit<ParametersOfOneClass<"isotonic">> {
  const { places, values } = isotonicRegression(logOdds.map(probability), outcomes);
  return {
    parameters: { kind: "isotonic", places, values },
    summary: `${new Set(values).size} levels`,
    note: certainty(values),
  };
}

/** Returns the log-odds that histogram binning makes of a class's. */
export function applyHistogram(steps: ParametersOfOneClass<"histogram">, logOdds: number): number {
  return toLogOdds(stepAt(steps, probability(logOdds)));
}

/** Returns the log-odds that Platt-binner makes of a class's. */
export function applyPlattBinner(fit: ParametersOfOneClass<"platt-binner">, logOdds: number): number {
  return toLogOdds(stepAt(fit, probability(applyPlatt(fit, logOdds))));
}

/** Returns the log-odds that isotonic regression makes of a class's. */
export function applyIsotonic(fit: ParametersOfOneClass<"isotonic">, logOdds: number): number {
  return toLogOdds(interpolate(fit, probability(logOdds)));
}

function probability(logOdds: number): number {
  return Math.exp(logProbability(logOdds));
}

function toLogOdds(probability: number): number {
  return Math.log(probability) - Math.log1p(-probability);
}

/** Warns of probabilities of 0 and 1, which these methods define and which therefore stay as they are. */
function certainty(values: readonly number[]): string | undefined {
  const certain = values.some((value) => value === 0 || value === 1);
  return certain ? "gives probabilities of 0, so the NLL of other examples may be infinite" : undefined;
}

/** A function that is constant in each bin. */
type Steps = Pick<ParametersOfOneClass<"histogram">, "uppers" | "values">;

/** Averages targets in bins of equal mass; an empty bin is joined with its neighbour on the right. */
function stepsOf(probabilities: Float64Array, targets: Float64Array): Steps {
  const assigned = assignBins(probabilities, { bins, binning: "mass" });
  const { count, accuracy } = tallyBins(assigned, targets);
  const filled = Array.from(count.keys()).filter((bin) => count[bin] > 0);
  const uppers = filled.map((bin) => assigned.edges[bin + 1]);
  return { uppers, values: filled.map((bin) => accuracy[bin]) };
}

/** Returns the value of the first bin whose upper edge a number doesn't pass. */
function stepAt({ uppers, values }: Steps, value: number): number {
  const bin = uppers.findIndex((upper) => value <= upper);
  return values[bin === -1 ? values.length - 1 : bin];
}
