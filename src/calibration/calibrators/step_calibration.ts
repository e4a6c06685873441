import { assignBins, tallyBins } from "../metrics/bins.ts";
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

/**
 * Fits isotonic regression by pooling adjacent violators (Zadrozny and Elkan 2002): the function with the
 * least squared error among all that never fall, with straight lines between the examples.
 */
export function fitIsotonic({ logOdds, outcomes }: OneClass): OneClassFit<ParametersOfOneClass<"isotonic">> {
  const { places, values } = poolAdjacentViolators(logOdds.map(probability), outcomes);
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
export function applyIsotonic({ places, values }: ParametersOfOneClass<"isotonic">, logOdds: number): number {
  return toLogOdds(interpolate(places, values, probability(logOdds)));
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

/** Examples at neighbouring places, whose mean target is the value of the function there. */
interface Pool {
  readonly first: number;
  readonly last: number;
  readonly weight: number;
  readonly total: number;
}

/**
 * Returns ascending places with their values. Only the two ends of a pool are places, because all values
 * between are equal.
 */
function poolAdjacentViolators(places: Float64Array, targets: Float64Array) {
  const pools: Pool[] = [];
  for (const distinct of poolTies(places, targets)) {
    let pool = distinct;
    let before = pools.at(-1);
    while (before && before.total * pool.weight >= pool.total * before.weight) {
      pool = joined(before, pool);
      pools.pop();
      before = pools.at(-1);
    }
    pools.push(pool);
  }
  return {
    places: pools.flatMap(({ first, last }) => [first, last]),
    values: pools.flatMap(({ weight, total }) => [total / weight, total / weight]),
  };
}

/** Pools examples at equal places, before any of them is compared with its neighbours. */
function poolTies(places: Float64Array, targets: Float64Array): readonly Pool[] {
  const ties: Pool[] = [];
  for (const i of Array.from(places.keys()).sort((a, b) => places[a] - places[b])) {
    const single = { first: places[i], last: places[i], weight: 1, total: targets[i] };
    const before = ties.at(-1);
    if (before?.last === places[i]) ties[ties.length - 1] = joined(before, single);
    else ties.push(single);
  }
  return ties;
}

function joined(left: Pool, right: Pool): Pool {
  const [weight, total] = [left.weight + right.weight, left.total + right.total];
  return { first: left.first, last: right.last, weight, total };
}

/** Interpolates in straight lines; beyond the ends, the value is that of the end. */
function interpolate(places: readonly number[], values: readonly number[], place: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] < place) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return values[0];
  if (low === places.length) return values[low - 1];
  const share = (place - places[low - 1]) / (places[low] - places[low - 1]);
  return values[low - 1] + share * (values[low] - values[low - 1]);
}
