/** How the report writes each kind of number: the only place where figures become text. */

/** A number; where it is undefined it is NaN, or null if it was read from JSON. */
type Figure = number | null;

const undefinedFigure = "–";

/** Formats a count with a comma at every thousand: 12,345. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Formats a share as a percentage: 0.8153 is 81.5 %. */
export function formatShare(value: Figure): string {
  return isFinite(value) ? `${formatDecimal(100 * value, 1)} %` : formatUnusual(value);
}

/** Formats a difference of shares in percentage points, without the unit: −0.0312 is −3.1. */
export function formatPoints(value: Figure): string {
  return isFinite(value) ? formatDecimal(100 * value, 1) : formatUnusual(value);
}

/** Formats a score or an error with three decimals, which is as fine as a few thousand examples can tell. */
export function formatScore(value: Figure): string {
  return isFinite(value) ? formatDecimal(value, 3) : formatUnusual(value);
}

/** Formats a figure with the bounds of its interval: 0.034 (0.021 to 0.047). */
export function formatInterval(
  { value, low, high }: { readonly value: Figure; readonly low: Figure; readonly high: Figure },
  format: (value: Figure) => string,
): string {
  if ([value, low, high].some(isUndefined)) return format(value);
  const bound = (one: Figure) => format(one).replace(/ %$/, "");
  return `${format(value)} (${bound(low)} to ${bound(high)})`;
}

/** Formats an interval as `formatInterval` does, for a table's cell: with the bounds below the figure. */
export function formatIntervalCell(...interval: Parameters<typeof formatInterval>): string {
  return formatInterval(...interval).replace(" (", "\n(");
}

/** Formats a mean with its standard deviation: 0.028 ± 0.007. */
export function formatSpread(mean: number, standardDeviation: number, decimals: number): string {
  return `${formatDecimal(mean, decimals)} ± ${formatDecimal(standardDeviation, decimals)}`;
}

/** Formats a number with so many decimals, a true minus sign, and no minus before a zero. */
export function formatDecimal(value: number, decimals: number): string {
  const digits = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(digits) !== 0 ? `−${digits}` : digits;
}

/** Says in a table's caption that its figures are means, where there are several trainings. */
export function overSeeds(seeds: readonly number[]): string {
  return seeds.length > 1 ? ", means over seeds" : "";
}

function isUndefined(value: Figure): value is null {
  return value === null || Number.isNaN(value);
}

function isFinite(value: Figure): value is number {
  return value !== null && Number.isFinite(value);
}

/** Formats a figure that is undefined or infinite, as the NLL is where a true class has no probability. */
function formatUnusual(value: Figure): string {
  if (isUndefined(value)) return undefinedFigure;
  return value > 0 ? "∞" : "−∞";
}
