import type { ComparedVariant } from "../comparison.ts";

type Difference = NonNullable<ComparedVariant["difference"]>[string];

/** Standard normal quantiles: of an interval of 95 %, and of what is exceeded in 4 of 5 cases. */
const [intervalQuantile, powerQuantile] = [1.96, 0.8416];

/**
 * Returns how many examples it would take for the interval of a difference of the size seen to exclude 0 in 4
 * of 5 cases: an interval shrinks with the root of their number. Infinity for a difference of 0; undefined where
 * the figure is.
 *
 * @param examples how many there were
 */
export function examplesToShow({ value, low, high }: Difference, examples: number): number | undefined {
  if (value === null || low === null || high === null) return undefined;
  if (value === 0) return Infinity;
  const deviation = (high - low) / 2 / intervalQuantile;
  return examples * ((intervalQuantile + powerQuantile) * deviation / Math.abs(value)) ** 2;
}
