import { InputError } from "../errors.ts";
import { randomStream } from "../random.ts";
import { drawExamples } from "./bootstrap.ts";
import { type BootstrapOptions, type Figures, type Interval, intervals } from "./interval.ts";
import type { Measurement, Weights } from "./measurement.ts";

/** What an interval of a difference lets one say. */
export type Verdict = "higher" | "lower" | "no evidence of a difference";

/** By how much a figure is higher than the reference's, mean over seeds. */
export interface Difference extends Interval {
  readonly verdict: Verdict;
}

/** The runs of a variant, one a seed, each ready to be measured on the same examples in the same order. */
export type Runs<Name extends string> = readonly Measurement<Figures<Name>>[];

/**
 * Compares a variant with a reference, by a bootstrap paired over examples and seeds (method.md §5): each
 * resample draws examples, the same for all runs, and seeds, the same for both sides, and measures the
 * difference of the means over the drawn seeds. Its draws depend on the number of examples and of seeds
 * alone, so several variants that are compared with one reference are resampled alike.
 *
 * Resamples of S seeds show (S − 1)/S of the variance between seeds: with few, intervals are too narrow, and
 * with one they say nothing of what another training would give.
 *
 * @throws {InputError} where both differ in how many runs they have, or have none.
 */
export function compareRuns<Name extends string>(
  reference: Runs<Name>,
  variant: Runs<Name>,
  examples: number,
  options: BootstrapOptions,
): Readonly<Record<Name, Difference>> {
  checkSeeds(reference, variant);
  const ofExamples = randomStream(options.seed, "bootstrap");
  const ofSeeds = randomStream(options.seed, "bootstrap seeds");
  const seeds = [reference.length];
  const resample = () =>
    difference(reference, variant, drawExamples(ofSeeds, seeds), drawExamples(ofExamples, [examples]));
  const differences = intervals(
    difference(reference, variant, new Int32Array(reference.length).fill(1)),
    resample,
    options,
  );
  const names = Object.keys(differences) as Name[];
  const judged = names.map((name) => [name, { ...differences[name], verdict: verdictOf(differences[name]) }]);
  return Object.fromEntries(judged);
}

/** What an interval of a difference says; none where it is undefined. */
function verdictOf({ low, high }: Interval): Verdict {
  if (low > 0) return "higher";
  if (high < 0) return "lower";
  return "no evidence of a difference";
}

/** Of each figure, the variant's mean over runs less the reference's. */
function difference<Name extends string>(
  reference: Runs<Name>,
  variant: Runs<Name>,
  runWeights: Weights,
  weights?: Weights,
): Figures<Name> {
  const runs = runWeights.reduce((total, one) => total + one, 0);
  const total: Partial<Record<Name, number>> = {};
  runWeights.forEach((runWeight, run) => {
    if (runWeight === 0) return;
    const [ours, theirs] = [variant[run](weights), reference[run](weights)];
    for (const name in ours) {
      total[name] = (total[name] ?? 0) + runWeight / runs * (ours[name] - theirs[name]);
    }
  });
  return total as Figures<Name>;
}

function checkSeeds(reference: Runs<string>, variant: Runs<string>): void {
  if (reference.length === variant.length && reference.length > 0) return;
  throw new InputError({
    found: `${reference.length} runs of the reference and ${variant.length} of the variant`,
    expected: "one or more of each, with the same seeds",
  });
}
