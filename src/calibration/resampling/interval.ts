import { mean } from "../../statistics.ts";

/** A figure, and the bounds of its confidence interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Figures that are measured together. */
export type Figures<Name extends string> = Readonly<Record<Name, number>>;

/** The smallest and the largest value that a figure can have. */
export type Range = readonly [lowest: number, highest: number];

/** How figures are resampled. */
export interface BootstrapOptions {
  readonly seed: number;
  /** The number of resamples; 2,000 by default. */
  readonly resamples?: number | undefined;
  /** How often an interval should hold the true figure; 0.95 by default. */
  readonly level?: number | undefined;
}

/**
 * Gives figures the intervals that follow from resampling.
 *
 * @param resample Draws a resample and measures it.
 * @param ranges The smallest and largest value that each figure can have; no interval goes beyond.
 */
export function intervals<Name extends string>(
  figures: Figures<Name>,
  resample: () => Figures<Name>,
  { resamples, level }: BootstrapOptions,
  ranges?: Readonly<Partial<Record<Name, Range>>>,
): Readonly<Record<Name, Interval>> {
  const drawn = resampled(figures, resample, resamples);
  const entries = (Object.keys(figures) as Name[]).map((
    name,
  ) => [name, centred(figures[name], drawn[name], level, ranges?.[name])]);
  return Object.fromEntries(entries);
}

/**
 * Resamples figures again and again.
 *
 * @returns the resampled values of each figure [resamples], in the order in which they were drawn
 */
export function resampled<Name extends string>(
  figures: Figures<Name>,
  resample: () => Figures<Name>,
  resamples = 2000,
): Readonly<Record<Name, Float64Array>> {
  const names = Object.keys(figures) as Name[];
  const drawn = names.map(() => new Float64Array(resamples));
  for (let index = 0; index < resamples; index++) {
    const measured = resample();
    names.forEach((name, at) => drawn[at][index] = measured[name]);
  }
  return Object.fromEntries(names.map((name, at) => [name, drawn[at]])) as Record<Name, Float64Array>;
}

/**
 * Returns the percentile interval, shifted by the bias that the bootstrap itself shows, so that the mean of
 * the resampled figures lies on the figure. Most figures have no such bias. But a resample of a calibration
 * error adds noise to noise, so that all plain percentiles may lie above the error that they are for.
 *
 * An infinite resample, such as the NLL where a true class has the probability 0, counts as what it is. It
 * has no distance from which a bias could be computed, so that the percentiles are not shifted then. An
 * undefined figure has undefined bounds.
 *
 * @param resampled The resampled figures. Those that are undefined (NaN) are left out, such as the AUROC of
 * errors in a resample without any error.
 */
export function centred(
  value: number,
  resampled: Float64Array,
  level = 0.95,
  [lowest, highest]: Range = [-Infinity, Infinity],
): Interval {
  if (Number.isNaN(value)) return { value, low: NaN, high: NaN };
  const sorted = resampled.filter((one) => !Number.isNaN(one)).sort();
  const [low, high] = [(1 - level) / 2, (1 + level) / 2];
  if (!Number.isFinite(value) || !sorted.every(Number.isFinite)) {
    const last = sorted.length - 1;
    return { value, low: sorted[Math.floor(low * last)] ?? NaN, high: sorted[Math.ceil(high * last)] ?? NaN };
  }
  const bias = mean(sorted) - value;
  const bound = (share: number) => Math.min(highest, Math.max(lowest, quantile(sorted, share) - bias));
  return { value, low: bound(low), high: bound(high) };
}

/**
 * Returns the value below which a share of ascending values lies; between two neighbours it is interpolated,
 * as by default in NumPy and R.
 */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const left = Math.floor(place);
  const right = Math.min(left + 1, sorted.length - 1);
  return sorted[left] + (place - left) * (sorted[right] - sorted[left]);
}
