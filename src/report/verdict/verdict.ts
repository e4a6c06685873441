import { type ComparedVariant, mayChangeClasses, type VariantComparison } from "../comparison.ts";
import type { Definition } from "../document.ts";
import { formatCount, formatScore } from "../format.ts";
import { title } from "../terms.ts";
import { findingOf } from "./finding.ts";
import { examplesToShow } from "./sample_size.ts";
import { directionText, findingText } from "./words.ts";

/** What a comparison lets one say in words, by rules alone. */
export interface Verdict {
  /** A few sentences. */
  readonly headline: string;
  /** What the headline rests on: what was found of each figure. */
  readonly findings: readonly Definition[];
}

/** The part of a comparison that the verdict is made from. */
type Comparison = Pick<VariantComparison, "standings" | "seeds" | "reference" | "metric" | "examples">;

type Calibrator = ComparedVariant["calibrator"];

/**
 * Says in words whether the variants with an energy differ from the reference in accuracy and calibration, as
 * trained and after each calibrator; where none has an energy, whether the other variants do. A difference
 * counts only if its interval excludes 0, and "all" means every one of these variants. The ECE stands for
 * calibration in the headline.
 */
export function verdictOf(comparison: Comparison, withEnergy: ReadonlySet<string>): Verdict {
  const { standings, reference } = comparison;
  const compared = new Set(standings.flatMap(({ variant, difference }) => difference ? [variant] : []));
  const scale = scaleOf(comparison);
  if (compared.size === 0) {
    return {
      headline: `There is nothing to compare: ${reference} is the only variant.`,
      findings: scale,
    };
  }
  const energies = compared.intersection(withEnergy);
  const subjects = energies.size > 0 ? energies : compared;
  const others = compared.difference(subjects);
  const name = energies.size > 0 ? "the energies" : subjects.size === 1 ? [...subjects][0] : "the others";
  return {
    headline: headlineOf(comparison, subjects, name),
    findings: [
      ...figureFindings(comparison, subjects),
      ...(others.size === 0 ? [] : [{
        term: "ECE of the others, as trained",
        meaning: findingText(findingOf(standings, others, "ece", "none"), "ece"),
      }]),
      ...examplesNeeded(comparison, subjects),
      ...scale,
    ],
  };
}

function headlineOf(comparison: Comparison, subjects: ReadonlySet<string>, name: string): string {
  const { standings, reference, seeds } = comparison;
  const quality = { lower: "better", higher: "worse" };
  const calibration = calibratorsOf(comparison).map((calibrator) => {
    const found = directionText(findingOf(standings, subjects, "ece", calibrator), quality, name);
    const state = calibrator === "none"
      ? `Compared with the ${reference}, as trained,`
      : `After ${calibrator},`;
    return found
      ? `${state} calibration is ${found}.`
      : `${state} there is no evidence that calibration differs with ${name}.`;
  });
  const figure = leadingFigure(comparison);
  const named = figure === "accuracy" ? "accuracy" : title(figure);
  const right = directionText(
    findingOf(standings, subjects, figure, "none"),
    { lower: "lower", higher: "higher" },
    name,
  );
  const shown = seeds.length === 1 ? "this one seed" : `these ${formatCount(seeds.length)} seeds`;
  const asTrained = calibratorsOf(comparison).some(mayChangeClasses) ? " as trained" : "";
  const cost = right
    ? `The ${named}${asTrained} is ${right}.`
    : `There is no loss of ${named}${asTrained} that ${shown} could show.`;
  return [...calibration, cost].join(" ");
}

/** Says of each figure what was found: that of right answers as trained, and after what may change it. */
function figureFindings(comparison: Comparison, subjects: ReadonlySet<string>): Definition[] {
  const { standings } = comparison;
  const found = (figure: string, calibrator: Calibrator) =>
    findingText(findingOf(standings, subjects, figure, calibrator), figure);
  const leading = leadingFigure(comparison);
  return [
    { term: title(leading), meaning: found(leading, "none") },
    ...calibratorsOf(comparison).filter(mayChangeClasses).map((calibrator) => ({
      term: `${title(leading)}${stateName(calibrator)}`,
      meaning: found(leading, calibrator),
    })),
    ...["ece", "nll"].flatMap((figure) =>
      calibratorsOf(comparison).map((calibrator) => ({
        term: `${title(figure)}${stateName(calibrator)}`,
        meaning: found(figure, calibrator),
      }))
    ),
  ];
}

/** Says how many examples would have shown the largest of the ECE's differences for which there is no evidence. */
function examplesNeeded(comparison: Comparison, subjects: ReadonlySet<string>): Definition[] {
  const { standings, examples } = comparison;
  const parts = calibratorsOf(comparison).flatMap((calibrator) => {
    const { undecided } = findingOf(standings, subjects, "ece", calibrator);
    const needed = undecided.flatMap(({ variant, difference }) => {
      const count = examplesToShow(difference, examples);
      const isShown = count !== undefined && formatScore(difference.value) !== formatScore(0);
      return isShown ? [{ variant, count, difference }] : [];
    });
    const [least] = needed.toSorted((a, b) => a.count - b.count);
    if (!least) return [];
    const { variant, count, difference } = least;
    const state = stateName(calibrator).trim();
    return [`${state} ${roughCount(count)} for ${variant}'s ${formatScore(difference.value)}`];
  });
  if (parts.length === 0) return [];
  return [{
    term: "Examples it would take",
    meaning: `To show an ECE's difference as large as was seen, in 4 of 5 cases: ${
      parts.join("; ")
    }. There were ${formatCount(examples)}. Nor do more examples make up for few seeds.`,
  }];
}

const mostExamples = 1e6;

/** Writes a number of examples with two digits, since it is only an estimate. */
function roughCount(count: number): string {
  return count > mostExamples
    ? `more than ${formatCount(mostExamples)}`
    : `about ${formatCount(Number(count.toPrecision(2)))}`;
}

/** Says what calibrators alone do to the reference's ECE, and what a perfectly calibrated one would show. */
function scaleOf({ standings, reference }: Comparison): Definition[] {
  const own = standings.filter(({ variant }) => variant === reference);
  const [first, ...others] = own.map(({ calibrator, figures, ece_floor }) =>
    `${formatScore(figures.ece.value)}${stateName(calibrator)} (perfect calibration would show ` +
    `${formatScore(ece_floor.mean)} by chance)`
  );
  if (!first) return [];
  return [{ term: `ECE of the ${reference} itself`, meaning: `${[first, ...others].join("; ")}.` }];
}

function calibratorsOf({ standings }: Comparison): readonly Calibrator[] {
  return [...new Set(standings.map(({ calibrator }) => calibrator))];
}

function leadingFigure({ metric }: Comparison): string {
  return metric ?? "accuracy";
}

function stateName(calibrator: Calibrator): string {
  return calibrator === "none" ? " as trained" : ` after ${calibrator}`;
}
