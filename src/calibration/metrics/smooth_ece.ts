import type { Measurement, Weights } from "../resampling/measurement.ts";
import {
  cells,
  coarsen,
  convolve,
  type Grid,
  type GridPlaces,
  gridPlaces,
  halfGaussian,
} from "./smoothing.ts";

/** The automatic bandwidth is a multiple of 1/1024, as ten bisections of [0, 1] find it. */
const bandwidthSteps = 1024;

/** A smooth calibration error, and the bandwidth that it was measured with. */
export interface SmoothError {
  readonly value: number;
  readonly bandwidth: number;
}

/**
 * Prepares the smooth ECE (Błasiok and Nakkiran 2023): ∫ |r(t)| dt, where r is the gap between prediction and
 * outcome, smoothed by a Gaussian that is mirrored at 0 and 1. It needs no bins. Unless a `bandwidth` is
 * given, the data set it: it is the one that equals the error itself. The error lies between 0 and 1.
 *
 * The conventions are those of relplot 1.0.3, the authors' code: the bandwidth is the smallest multiple of
 * 1/1024, from 2/1024 on, that the error doesn't exceed. Three conventions are in their code and not in the
 * paper: the Gaussian ends at a distance of 1/2; probabilities of exactly 0 and 1 weigh half as much as
 * others; and the integrals are sums over 200 points (10 a bandwidth where that is more), the ends included.
 * Only the grid of the kernel differs from theirs: it is coarser for wide kernels.
 *
 * @param probabilities The probability of each example's event, such as the confidence. [n]
 * @param outcomes 1 where the event happened, else 0. [n]
 */
export function smoothCalibrationError(
  probabilities: Float64Array,
  outcomes: ArrayLike<number>,
  { bandwidth }: { readonly bandwidth?: number | undefined } = {},
): Measurement<SmoothError> {
  const places = gridPlaces(probabilities);
  const gridsOf = (weights?: Weights) => sumOnGrids(places, probabilities, outcomes, weights);
  if (bandwidth !== undefined) {
    return (weights) => ({ value: errorAt(gridsOf(weights), bandwidth), bandwidth });
  }
  // The search begins at the bandwidth of the whole set, because resamples have about the same.
  const { bandwidth: guess } = automaticError(gridsOf());
  return (weights) => automaticError(gridsOf(weights), guess);
}

/**
 * Sums the examples on grids of 1000, 500 and 250 cells, from which a smooth error is measured.
 *
 * @param weights How often each example counts; once where there are no weights. [n]
 */
export function sumOnGrids(
  { node, right }: GridPlaces,
  probabilities: Float64Array,
  outcomes: ArrayLike<number>,
  weights?: Weights,
): readonly Grid[] {
  const mass = new Float64Array(cells + 1);
  const gaps = new Float64Array(cells + 1);
  for (let i = 0; i < node.length; i++) {
    const weight = weights ? weights[i] : 1;
    const gap = probabilities[i] - outcomes[i];
    const toRight = weight * right[i];
    const toLeft = weight - toRight;
    mass[node[i]] += toLeft;
    mass[node[i] + 1] += toRight;
    gaps[node[i]] += toLeft * gap;
    gaps[node[i] + 1] += toRight * gap;
  }
  for (const values of [mass, gaps]) {
    values[0] /= 2;
    values[cells] /= 2;
  }
  const halved = coarsen({ mass, gaps });
  return [{ mass, gaps }, halved, coarsen(halved)];
}

/**
 * Returns the error at the automatic bandwidth. Because the error hardly grows with the bandwidth, if at all,
 * the sought bandwidth lies between any other one and the error measured there, so that each step bounds the
 * search on both sides. At the end the neighbours of the bandwidth are tried, since the error may grow a
 * little after all.
 *
 * @param guess The bandwidth with which the search begins: a nearer one makes it faster, and the result is
 * the same.
 */
export function automaticError(grids: readonly Grid[], guess = 0.05): SmoothError {
  const measured = new Map<number, number>();
  const error = (step: number) => {
    const value = measured.get(step) ?? errorAt(grids, step / bandwidthSteps);
    measured.set(step, value);
    return value;
  };
  const exceeds = (step: number) => error(step) > step / bandwidthSteps;
  let [tooSmall, enough] = [1, bandwidthSteps];
  let step = Math.max(2, Math.round(guess * bandwidthSteps));
  while (enough - tooSmall > 1) {
    const equal = Math.ceil(error(step) * bandwidthSteps);
    tooSmall = Math.max(tooSmall, Math.min(step, equal - 1));
    enough = Math.min(enough, Math.max(step, equal));
    step = (tooSmall + enough) >> 1;
  }
  while (exceeds(enough)) enough++;
  while (enough > 2 && !exceeds(enough - 1)) enough--;
  return { value: error(enough), bandwidth: enough / bandwidthSteps };
}

/** Divides the smoothed gaps by the smoothed mass, on the coarsest grid that resolves the kernel. */
function errorAt(grids: readonly Grid[], bandwidth: number): number {
  const { mass, gaps } = grids.findLast((grid) => bandwidth * (grid.gaps.length - 1) >= 5) ?? grids[0];
  const spaces = gaps.length - 1;
  const kernel = halfGaussian(bandwidth, spaces);
  const smoothed = convolve(gaps, kernel);
  // The trapezoidal rule counts the ends half; relplot's sum counts them more, since its points are farther
  // apart.
  const ends = spaces / (Math.max(200, Math.round(10 / bandwidth)) - 1);
  let total = (ends - 1) * (Math.abs(smoothed[0]) + Math.abs(smoothed[spaces])) / 2;
  for (let at = 0; at <= spaces; at++) total += Math.abs(smoothed[at]);
  let massAtEnds = 0;
  for (let at = 0; at < kernel.length; at++) massAtEnds += kernel[at] * (mass[at] + mass[spaces - at]);
  return total / (kernelArea(kernel) * mass.reduce(plus, 0) + ends * massAtEnds);
}

function kernelArea(half: Float64Array): number {
  return 2 * half.reduce(plus, 0) - half[0];
}

function plus(total: number, one: number): number {
  return total + one;
}
