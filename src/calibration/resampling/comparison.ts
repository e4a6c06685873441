import { InputError } from "../../errors.ts";
import { randomStream } from "../../random.ts";
import { drawExamples } from "./bootstrap.ts";
import {
  type BootstrapOptions,
  centred,
  type Figures,
  type Interval,
  type Range,
  resampled,
} from "./interval.ts";
import type { Measurement, Weights } from "./measurement.ts";

/** What the interval of a difference lets one say of it. */
export type Verdict = "higher" | "lower" | "no evidence of a difference";

/** By how much a figure is higher than the reference's, averaged over seeds. */
export interface Difference extends Interval {
  readonly verdict: Verdict;
}

/** The runs of a variant, one for each seed; all are measured on the same examples in the same order. */
export type Runs<Name extends string> = readonly Measurement<Figures<Name>>[];

/** A variant that is compared with others. */
export interface Contestant<Name extends string> {
  /** One run for each seed; or a single one that stands for all seeds, such as their ensemble. */
  readonly runs: Runs<Name>;
  /** The index of the contestant that it is compared with. */
  readonly reference?: number | undefined;
}

/** A contestant's figures, averaged over its runs. */
export interface Standing<Name extends string> {
  readonly figures: Readonly<Record<Name, Interval>>;
  /** The differences from the reference, where there is one. */
  readonly difference?: Readonly<Record<Name, Difference>>;
}

/**
 * Compares several variants by a bootstrap that is paired over examples and seeds (method.md §5): each
 * resample draws examples and seeds, the same for all variants, and measures the means over the drawn seeds
 * and their differences.
 *
 * Resamples of S seeds show (S − 1)/S of the variance between seeds. So intervals are too narrow where there
 * are few seeds, and with one they say nothing of what another training would give.
 *
 * @param sizes The number of examples; where a measurement compares several sets, the number in each.
 * @param options `ranges` are the smallest and largest value that each figure can have; no interval of one
 * goes beyond.
 * @throws {InputError} where two contestants have several runs but not the same number, or one has none.
 */
export function compareAll<Name extends string>(
  contestants: readonly Contestant<Name>[],
  sizes: readonly number[],
  options: BootstrapOptions & { readonly ranges?: Readonly<Partial<Record<Name, Range>>> },
): Standing<Name>[] {
  const seeds = countSeeds(contestants);
  const [ofExamples, ofSeeds] = ["bootstrap", "bootstrap seeds"].map((name) =>
    randomStream(options.seed, name)
  );
  const measure = (seedWeights: Weights, weights?: Weights) => {
    const means = contestants.map(({ runs }) =>
      meanOverRuns(runs, runs.length === seeds ? seedWeights : onlyRun, weights)
    );
    const differences = contestants.map(({ reference }, at) =>
      reference === undefined ? {} : subtract(means[at], means[reference])
    );
    return flatten<number>([...means, ...differences]);
  };
  const resample = () => {
    const seedWeights = drawExamples(ofSeeds, [seeds]);
    return measure(seedWeights, drawExamples(ofExamples, sizes));
  };
  const measured = measure(new Int32Array(seeds).fill(1));
  const drawn = unflatten(resampled(measured, resample, options.resamples), 2 * contestants.length);
  const values = unflatten(measured, 2 * contestants.length);
  return contestants.map(({ reference }, at) => {
    const figures = mapValues(
      values[at],
      (value, name) => centred(value, drawn[at][name], options.level, options.ranges?.[name as Name]),
    ) as Readonly<Record<Name, Interval>>;
    if (reference === undefined) return { figures };
    const own = drawn[contestants.length + at];
    const difference = mapValues(values[contestants.length + at], (value, name) => {
      const interval = centred(value, own[name], options.level);
      return { ...interval, verdict: verdictOf(interval, own[name], options.level) };
    });
    return { figures, difference: difference as Readonly<Record<Name, Difference>> };
  });
}

/**
 * Measures by how much a variant differs from a reference, on the same examples and with the same seeds, as
 * {@link compareAll} does.
 *
 * @throws {InputError} where they have different numbers of runs.
 */
export function compareRuns<Name extends string>(
  reference: Runs<Name>,
  variant: Runs<Name>,
  examples: number,
  options: BootstrapOptions,
): Readonly<Record<Name, Difference>> {
  if (reference.length !== variant.length) throw unequalRuns(reference.length, variant.length);
  const [, { difference }] = compareAll(
    [{ runs: reference }, { runs: variant, reference: 0 }],
    [examples],
    options,
  );
  return difference!;
}

const onlyRun = Int32Array.of(1);

/** Differences up to this size are rounding. */
const rounding = 1e-12;

/**
 * Judges the interval of a difference. One that is undefined is no evidence. Nor is one where more resamples
 * than may lie beyond either end of the interval show no difference, as where a single example makes it, so that
 * the shift of the interval alone would decide; or where as many are undefined, since they could be anything: a
 * single error has an AUROC, and gives each resample that draws it about the same, however little it tells.
 */
function verdictOf({ low, high }: Interval, resampled: Float64Array, level = 0.95): Verdict {
  const isOpen = (one: number) => Number.isNaN(one) || Math.abs(one) <= rounding;
  const open = resampled.reduce((count, one) => count + (isOpen(one) ? 1 : 0), 0);
  if (open > (1 - level) / 2 * resampled.length) return "no evidence of a difference";
  if (low > 0) return "higher";
  if (high < 0) return "lower";
  return "no evidence of a difference";
}

/** Averages each figure over runs, where each run counts as often as its weight says. */
function meanOverRuns<Name extends string>(
  runs: Runs<Name>,
  runWeights: Weights,
  weights?: Weights,
): Figures<Name> {
  const total: Partial<Record<Name, number>> = {};
  const count = runWeights.reduce((sum, one) => sum + one, 0);
  runWeights.forEach((runWeight, run) => {
    if (runWeight === 0) return;
    const figures = runs[run](weights);
    for (const name in figures) total[name] = (total[name] ?? 0) + runWeight / count * figures[name];
  });
  return total as Figures<Name>;
}

function subtract<Name extends string>(figures: Figures<Name>, others: Figures<Name>): Figures<Name> {
  const names = Object.keys(figures) as Name[];
  return Object.fromEntries(names.map((name) => [name, figures[name] - others[name]])) as Figures<Name>;
}

/** Joins several records to one, whose names begin with the index of the record that a value comes from. */
function flatten<Value>(records: readonly Readonly<Record<string, Value>>[]): Record<string, Value> {
  return Object.fromEntries(
    records.flatMap((record, at) => Object.entries(record).map(([name, value]) => [`${at} ${name}`, value])),
  );
}

/** Takes apart what {@link flatten} joined. */
function unflatten<Value>(record: Readonly<Record<string, Value>>, count: number): Record<string, Value>[] {
  const records = Array.from({ length: count }, (): Record<string, Value> => ({}));
  for (const [key, value] of Object.entries(record)) {
    const space = key.indexOf(" ");
    records[Number(key.slice(0, space))][key.slice(space + 1)] = value;
  }
  return records;
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}

function countSeeds(contestants: readonly Contestant<string>[]): number {
  const counts = contestants.map(({ runs }) => runs.length);
  const seeds = Math.max(...counts);
  const other = counts.find((count) => count === 0 || (count !== 1 && count !== seeds));
  if (other === undefined) return seeds;
  throw unequalRuns(seeds, other);
}

function unequalRuns(reference: number, variant: number): InputError {
  return new InputError({
    found: `${reference} runs of the reference and ${variant} of the variant`,
    expected: "one or more of each, with the same seeds",
  });
}
