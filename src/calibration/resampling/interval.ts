import { mean } from "./mean.ts";

/** A figure, and the bounds between which it may as well lie. */
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
  /** 2,000 by default. */
  readonly resamples?: number;
  /** How often an interval should hold what it is of; 0.95 by default. */
  readonly level?: number;
}

/**
 * Figures with the intervals that resampling gives them.
 *
 * @param resample Draws a resample and measures it.
 * @param ranges No interval goes beyond.
 */
export function intervals<Name extends string>(
  figures: Figures<Name>,
  resample: () => Figures<Name>,
  { resamples = 2000, level = 0.95 }: BootstrapOptions,
  ranges?: Readonly<Partial<Record<Name, Range>>>,
): Readonly<Record<Name, Interval>> {
  const names = Object.keys(figures) as Name[];
  const drawn = names.map(() => new Float64Array(resamples));
  for (let index = 0; index < resamples; index++) {
    const measured = resample();
    names.forEach((name, at) => drawn[at][index] = measured[name]);
  }
  const entries = names.map((name, at) => [name, centred(figures[name], drawn[at], level, ranges?.[name])]);
  return Object.fromEntries(entries);
}

/**
 * The percentile interval, moved by the bias that the bootstrap itself shows: the mean of the resampled
 * figures is put on the figure. Most figures have none. But every resample of a calibration error has noise
 * added to noise, so its plain percentiles may all lie above the error they are of.
 *
 * @param resampled Those that are undefined (NaN) are left out: a resample without any error has no AUROC.
 */
export function centred(
  value: number,
  resampled: Float64Array,
  level = 0.95,
  [lowest, highest]: Range = [-Infinity, Infinity],
): Interval {
  const sorted = resampled.filter(Number.isFinite).sort();
  const bias = mean(sorted) - value;
  const bound = (share: number) => Math.min(highest, Math.max(lowest, quantile(sorted, share) - bias));
  return { value, low: bound((1 - level) / 2), high: bound((1 + level) / 2) };
}

/** The value below which a share of ascending values lies; between two neighbours in proportion, as NumPy and R have it by default. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const left = Math.floor(place);
  const right = Math.min(left + 1, sorted.length - 1);
  return sorted[left] + (place - left) * (sorted[right] - sorted[left]);
}
