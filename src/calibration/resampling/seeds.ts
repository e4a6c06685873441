import { InputError } from "../../errors.ts";

/** One training of a variant. */
interface Training {
  readonly variant: string;
  readonly seed: number;
}

/**
 * Groups trainings by variant, each group by ascending seed; the variants keep the order in which they come.
 *
 * @throws {InputError} where a variant has a seed twice, or other seeds than the first variant.
 */
export function groupBySeeds<Run extends Training>(runs: readonly Run[]): Map<string, readonly Run[]> {
  const groups = Map.groupBy(runs, ({ variant }) => variant);
  const sorted = new Map(
    [...groups].map(([variant, members]) => [variant, members.toSorted((a, b) => a.seed - b.seed)] as const),
  );
  const [[first, expected]] = sorted;
  const seedsOf = (members: readonly Training[]) => members.map(({ seed }) => seed).join(", ");
  for (const [variant, members] of sorted) {
    if (new Set(members.map(({ seed }) => seed)).size < members.length) {
      throw new InputError({
        found: `${variant} with the seeds ${seedsOf(members)}`,
        expected: "each seed once: the same training counted again would make intervals too narrow",
        fix: "Give finetune the matrix's seed: `seed: ${matrix.seed}`.",
      });
    }
    if (seedsOf(members) === seedsOf(expected)) continue;
    throw new InputError({
      found: `${variant} with the seeds ${seedsOf(members)}`,
      expected: `${seedsOf(expected)}, as ${first} has them`,
      fix: "Train all variants with the same seeds: they are compared in pairs.",
    });
  }
  return sorted;
}
