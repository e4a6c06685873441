import { formatPoints, formatScore } from "../format.ts";
import type { ComparedFigure, Finding } from "./finding.ts";

/** How the sizes of a figure's differences are written. */
interface Unit {
  /** What stands behind a number, such as " percentage points". */
  readonly name: string;
  readonly format: (value: number | null) => string;
}

/** Returns the unit of a figure's differences: accuracy differs by percentage points, scores have no unit. */
function unitOf(figure: string): Unit {
  return figure === "accuracy"
    ? { name: " percentage points", format: formatPoints }
    : { name: "", format: formatScore };
}

/**
 * Says what was found of one figure, with sizes and intervals. Of several variants that differ in the same
 * direction, it names the one that differs least and the one that differs most. Where there is no evidence,
 * it says how far the intervals reach, since a difference may be that large.
 */
export function findingText({ lower, higher, undecided }: Finding, figure: string): string {
  const unit = unitOf(figure);
  const isMixed = [lower, higher, undecided].filter((group) => group.length > 0).length > 1;
  const named = (group: readonly ComparedFigure[]) => isMixed ? ` with ${listed(group)}` : "";
  const parts = [
    ...(lower.length === 0 ? [] : [`lower${named(lower)}, by ${sizes(lower, unit)}`]),
    ...(higher.length === 0 ? [] : [`higher${named(higher)}, by ${sizes(higher, unit)}`]),
    ...(undecided.length === 0
      ? []
      : [`no evidence of a difference${named(undecided)}${reach(undecided, unit)}`]),
  ];
  return `${parts.join("; ")}.`;
}

/**
 * Says in a clause which way variants differ: "better with the energies" only where none is undecided, else
 * "better with some of the energies". Returns undefined where there is no evidence.
 */
export function directionText(
  { lower, higher, undecided }: Finding,
  words: { readonly lower: string; readonly higher: string },
  name: string,
): string | undefined {
  if (lower.length > 0 && higher.length > 0) {
    return `${words.lower} with some of ${name} and ${words.higher} with others`;
  }
  if (lower.length + higher.length === 0) return undefined;
  const word = lower.length > 0 ? words.lower : words.higher;
  return `${word} with ${undecided.length > 0 ? "some of " : ""}${name}`;
}

/** Says by how much some variants differ: one variant's size, or the smallest and the largest. */
function sizes(group: readonly ComparedFigure[], unit: Unit): string {
  const magnitude = ({ difference }: ComparedFigure) => Math.abs(difference.value ?? 0);
  const [least, ...more] = group.toSorted((a, b) => magnitude(a) - magnitude(b));
  const most = more.at(-1);
  return most
    ? `${size(least, unit)} with ${least.variant} up to ${size(most, unit)} with ${most.variant}`
    : size(least, unit);
}

/** Writes a difference without its sign, which "lower" and "higher" say, and the bounds of its interval. */
function size({ difference }: ComparedFigure, { format, name }: Unit): string {
  const { value, low, high, verdict } = difference;
  const unsigned = (bound: number | null) => format(verdict === "lower" && bound !== null ? -bound : bound);
  const [from, to] = verdict === "lower" ? [high, low] : [low, high];
  return `${unsigned(value)}${name} (${unsigned(from)} to ${unsigned(to)})`;
}

/** Says how far the intervals reach; nothing where the figure is undefined. */
function reach(group: readonly ComparedFigure[], { format, name }: Unit): string {
  const bounds = group.flatMap(({ difference: { low, high } }) =>
    low === null || high === null ? [] : [low, high]
  );
  if (bounds.length === 0) return "";
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)].map(format);
  return ` (${group.length === 1 ? "the interval is" : "all intervals lie within"} ${low} to ${high}${name})`;
}

function listed(group: readonly ComparedFigure[]): string {
  const names = group.map(({ variant }) => variant);
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
