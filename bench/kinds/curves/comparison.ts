/** How far apart the losses of two training runs are, and how far they may be. */

/** How a run ended. */
export interface RunFigures {
  readonly losses: readonly number[];
  /** Of tune, after the last step. */
  readonly nll: number;
  readonly accuracy: number;
}

/** Differences between two runs, none below 0. */
export interface Differences {
  /** The largest of all steps' losses. */
  readonly largest: number;
  readonly rootMeanSquare: number;
  /** The largest of the losses smoothed. */
  readonly smoothed: number;
  readonly nll: number;
  readonly accuracy: number;
}

/**
 * How far apart two runs may be that do the same arithmetic and round differently. A batch of a few reviews alone makes the
 * loss scatter by 0.2 or more. Rounded to float32, the differences must be nothing beside that: a hundredth of it, and five
 * times as much at a single step, since they grow from step to step. bf16 keeps 8 bits of 24, so a tenth of it is granted:
 * what it changes must stay well below what another order of the batches would. Of accuracy, one in two hundred texts of
 * tune, or in a hundred, may fall on the other side.
 */
export const tolerances = {
  float32: { largest: 0.01, rootMeanSquare: 0.002, smoothed: 0.002, nll: 0.002, accuracy: 0.005 },
  bfloat16: { largest: 0.1, rootMeanSquare: 0.02, smoothed: 0.02, nll: 0.02, accuracy: 0.01 },
} as const satisfies Record<string, Differences>;

/** How far apart two runs are. */
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

/** Whether all differences are within their tolerances; what isn't a number is not. */
export function isWithin(found: Differences, allowed: Differences): boolean {
  return (Object.keys(allowed) as (keyof Differences)[]).every((figure) => found[figure] <= allowed[figure]);
}

/** Steps that a smoothed loss is the mean of. */
export const smoothedSteps = 20;

/** Means of as many losses as `smoothedSteps` says, one for each place where so many are side by side. */
export function smoothed(losses: readonly number[]): number[] {
  const window = Math.min(smoothedSteps, losses.length);
  return Array.from(
    { length: losses.length - window + 1 },
    (_, start) => losses.slice(start, start + window).reduce((total, loss) => total + loss, 0) / window,
  );
}

/** How much the losses scatter from step to step: as a standard deviation, from the differences of neighbours. */
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
