import type { ComparedVariant } from "../comparison.ts";

type Difference = NonNullable<ComparedVariant["difference"]>[string];

/** A variant's difference from the reference. */
export interface ComparedFigure {
  readonly variant: string;
  readonly difference: Difference;
}

/** What the intervals let one say of one figure of several variants: each variant is in one of the groups. */
export interface Finding {
  readonly lower: readonly ComparedFigure[];
  readonly higher: readonly ComparedFigure[];
  /** Those whose interval includes 0. */
  readonly undecided: readonly ComparedFigure[];
}

/** Groups variants by what can be said of one figure of theirs, as trained ("none") or after a calibrator. */
export function findingOf(
  standings: readonly ComparedVariant[],
  variants: ReadonlySet<string>,
  figure: string,
  calibrator: ComparedVariant["calibrator"],
): Finding {
  const meant = standings.filter((standing) =>
    standing.calibrator === calibrator && variants.has(standing.variant)
  );
  const compared = meant.flatMap(({ variant, difference }): ComparedFigure[] =>
    difference?.[figure] ? [{ variant, difference: difference[figure] }] : []
  );
  const having = (verdict: Difference["verdict"]) =>
    compared.filter(({ difference }) => difference.verdict === verdict);
  return {
    lower: having("lower"),
    higher: having("higher"),
    undecided: having("no evidence of a difference"),
  };
}
