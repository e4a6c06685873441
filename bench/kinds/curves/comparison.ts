/** What a training run is compared by. */
export interface RunFigures {
  /** The loss of each step. */
  readonly losses: readonly number[];
  /** The negative log-likelihood of tune after the last step. */
  readonly nll: number;
  /** The accuracy on tune after the last step. */
  readonly accuracy: number;
}

/** How far apart two runs are in each respect; no figure is negative. */
export interface Differences {
  /** The largest difference of a step's losses. */
  readonly largest: number;
  readonly rootMeanSquare: number;
  /** The largest difference of the smoothed losses. */
  readonly smoothed: number;
  readonly nll: number;
  readonly accuracy: number;
}

/**
 * How far apart two runs may be that do the same arithmetic and round differently.
 *
 * The loss scatters by 0.2 or more, because a batch is only a few reviews. Rounding to float32 must be
 * nothing beside that: the differences may be a hundredth of it, and five times as much at a single step,
 * since they grow from step to step. bf16 keeps 8 of 24 bits, so it may change a tenth, which is still well
 * below what another order of the batches would change. One in two hundred texts of tune may be classified
 * differently, in bf16 one in a hundred.
 */
export const tolerances = {
  float32: { largest: 0.01, rootMeanSquare: 0.002, smoothed: 0.002, nll: 0.002, accuracy: 0.005 },
  bfloat16: { largest: 0.1, rootMeanSquare: 0.02, smoothed: 0.02, nll: 0.02, accuracy: 0.01 },
} as const satisfies Record<string, Differences>;

/** Finds how far apart two runs are. */
export function differencesOf(one: RunFigures, other: RunFigures): Differences {
  const raw = apart(one.losses, other.losses);
  return {
    largest: Math.max(...raw),
    rootMeanSquare: rootMeanSquare(raw),
    smoothed: Math.max(...apart(smoothed(one.losses), smoothed(other.losses))),
    nll: Math.abs(one.nll - other.nll),
    accuracy: Math.abs(one.accuracy - other.accuracy),
  };
}

/** Whether all differences are within their tolerances. A figure that isn't a number is not. */
export function isWithin(found: Differences, allowed: Differences): boolean {
  return (Object.keys(allowed) as (keyof Differences)[]).every((figure) => found[figure] <= allowed[figure]);
}

/** Number of steps that a smoothed loss is the mean of. */
export const smoothedSteps = 20;

/** The mean of each window of `smoothedSteps` successive losses, or of all losses where they are fewer. */
export function smoothed(losses: readonly number[]): number[] {
  const window = Math.min(smoothedSteps, losses.length);
  return Array.from(
    { length: losses.length - window + 1 },
    (_, start) => losses.slice(start, start + window).reduce((total, loss) => total + loss, 0) / window,
  );
}

/** The standard deviation of the losses about their trend, estimated from the differences of neighbours. */
export function scatter(losses: readonly number[]): number {
  return rootMeanSquare(losses.slice(1).map((loss, index) => loss - losses[index])) / Math.SQRT2;
}

/** How far two runs' losses are apart at each step. */
export function apart(one: readonly number[], other: readonly number[]): number[] {
  return one.map((value, index) => Math.abs(value - other[index]));
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((total, value) => total + value ** 2, 0) / values.length);
}
