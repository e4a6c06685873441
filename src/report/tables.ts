import { mean as meanOf } from "../statistics.ts";
import type { ComparedVariant, VariantComparison } from "./comparison.ts";
import type { Row, Table } from "./document.ts";
import type { Evaluation } from "./evaluation.ts";
import {
  formatCount,
  formatInterval,
  formatIntervalCell,
  formatPoints,
  formatScore,
  formatShare,
  formatSpread,
  overSeeds,
} from "./format.ts";
import type { Results } from "./results.ts";
import { title } from "./terms.ts";

/** The part of a comparison that tables of one set of examples show. */
type Standings = Pick<VariantComparison, "standings" | "seeds" | "reference" | "metric">;

/** Shows accuracy and calibration of each variant, as trained and after each calibrator: means over seeds. */
export function scoreTable({ standings, seeds, metric }: Standings, set = "dev2"): Table {
  const [first, others] = [[...leading(metric), "nll", "brier", "ece"], ["ece_debiased", "ece_classwise"]];
  const score = (of: ComparedVariant["figures"]) => (name: string) => formatOf(name)(of[name].value);
  return {
    caption: `Accuracy and calibration on ${set}${overSeeds(seeds)}`,
    headings: ["Variant", ...[...first, "ece_floor", ...others].map(title)],
    groups: byVariant(standings, ({ figures: of, ece_floor: { mean, standardDeviation } }) => [
      ...first.map(score(of)),
      formatSpread(mean, standardDeviation, 3),
      ...others.map(score(of)),
    ]),
  };
}

/** Shows the figures that decide, as trained and after the first calibrator, in few columns: for a terminal. */
export function shortTable({ standings, seeds, metric }: Standings): Table {
  const figures = [...leading(metric), "nll", "ece"];
  const calibrators = [...new Set(standings.map(({ calibrator }) => calibrator))].slice(0, 2);
  return {
    caption: `Accuracy and calibration on dev2${overSeeds(seeds)}`,
    headings: ["Variant", ...[...figures, "ece_floor"].map(title)],
    groups: byVariant(
      standings.filter(({ calibrator }) => calibrators.includes(calibrator)),
      ({ figures: of, ece_floor: { mean, standardDeviation } }) => [
        ...figures.map((name) => formatOf(name)(of[name].value)),
        formatSpread(mean, standardDeviation, 3),
      ],
    ),
  };
}

/** Shows further figures of the same rows, each with the interval that resampling gives it. */
export function intervalTable({ standings, metric }: VariantComparison): Table {
  const figures = [...leading(metric), "nll", "brier", "ece", "smooth_ece", "auroc_error", "aurc"];
  return {
    caption: "Figures with 95 % intervals",
    headings: ["Variant", ...figures.map(title)],
    groups: byVariant(
      standings,
      ({ figures: of }) => figures.map((name) => formatIntervalCell(of[name], formatOf(name))),
    ),
  };
}

/** The figures of right answers, first that by which results on the data set are usually reported. */
function leading(metric: VariantComparison["metric"]): string[] {
  return metric === "mcc" ? ["mcc", "accuracy"] : ["accuracy"];
}

function formatOf(name: string): (value: number | null) => string {
  return name === "accuracy" ? formatShare : formatScore;
}

/** Whether there is any difference that `differenceTable` could show. */
export function isCompared(standings: readonly ComparedVariant[]): boolean {
  return standings.some(({ difference }) => difference !== undefined);
}

/** What makes a difference that counts stand out among those that don't. */
const verdictSigns = { higher: "▲ ", lower: "▼ ", "no evidence of a difference": "" } as const;

/**
 * Shows by how much each variant differs from the reference after the same calibrator, and whether that is
 * more than chance.
 */
export function differenceTable({ standings, reference, metric }: Standings, set = ""): Table {
  const compared = standings.filter(({ difference }) => difference !== undefined);
  const figures = [...leading(metric), "nll", "ece"];
  return {
    caption: `Differences from the ${reference}${
      set && ` ${set}`
    } after the same calibration, with 95 % intervals`,
    headings: [
      "Variant",
      ...figures.map((name) => name === "accuracy" ? `${title(name)}, percentage points` : title(name)),
    ],
    groups: byVariant(compared, ({ difference }) =>
      figures.map((name) => {
        const { verdict, ...interval } = difference![name];
        const apart = formatInterval(interval, name === "accuracy" ? formatPoints : formatScore);
        return `${apart}\n${verdictSigns[verdict]}${verdict}`;
      })),
  };
}

/** Shows how predictions compare with people's votes; nothing where the data have none. */
export function voteTable({ standings }: VariantComparison): Table | undefined {
  if (standings[0].figures.votes_kl === undefined) return undefined;
  const figures = ["votes_cross_entropy", "votes_kl", "votes_total_variation", "votes_ece"];
  return {
    caption: "Predictions beside people's votes, with 95 % intervals",
    headings: ["Variant", ...figures.map(title)],
    groups: byVariant(
      standings,
      ({ figures: of }) => figures.map((name) => formatIntervalCell(of[name], formatScore)),
    ),
  };
}

/** Shows how often prediction sets hold the true class, and how large they are. */
export function conformalTable({ conformal: { level, sets } }: VariantComparison): Table {
  const ofVariant = Map.groupBy(sets, ({ variant }) => variant);
  return {
    caption: `Prediction sets that hold the true class ${formatShare(level)} of the time, means over seeds`,
    headings: ["Variant", "THR: coverage", "THR: mean size", "APS: coverage", "APS: mean size"],
    groups: [
      [...ofVariant].map(([name, both]) => ({
        name,
        cells: both.flatMap(({ coverage, meanSize }) => [formatShare(coverage), formatScore(meanSize)]),
      })),
    ],
  };
}

/**
 * Names a row: the variant, with what was fitted where there is a single run, else with the calibrator's
 * name.
 */
export function standingName({ variant, calibrator, fits }: ComparedVariant): string {
  const isTold = calibrator === "none" || (calibrator === "temperature" && fits.length === 1); // by T = …
  return [variant, ...(isTold ? [] : [calibrator]), ...(fits.length === 1 ? fits : [])].join(", ");
}

function byVariant(
  standings: readonly ComparedVariant[],
  cells: (standing: ComparedVariant) => readonly string[],
): Row[][] {
  return [...Map.groupBy(standings, ({ variant }) => variant).values()].map((group) =>
    group.map((standing) => ({ name: standingName(standing), cells: cells(standing) }))
  );
}

/** Shows a fitted temperature, and whether it is only a bound of the search. */
export function temperatureText({ value, atBound }: Evaluation["temperature"]): string {
  return `T = ${formatScore(value)}${atBound ? " (bound)" : ""}`;
}

/** Shows the energies of each variant that has some: means over seeds. */
export function energyTable(evaluations: readonly Evaluation[]): Table {
  const ofVariant = Map.groupBy(evaluations.filter(({ energy }) => energy), ({ variant }) => variant);
  const rows = [...ofVariant].map(([name, members]): Row => {
    const mean = (of: (energy: NonNullable<Evaluation["energy"]>) => number) =>
      meanOf(members.map(({ energy }) => of(energy!)));
    return {
      name,
      cells: [
        formatSpread(mean((energy) => energy.dataMean), mean((energy) => energy.dataStandardDeviation), 2),
        formatSpread(mean((energy) => energy.noiseMean), mean((energy) => energy.noiseStandardDeviation), 2),
        formatShare(mean((energy) => energy.noiseAccuracy)),
      ],
    };
  });
  return {
    caption: "Energy of texts of dev2 and of noise, mean ± standard deviation",
    headings: ["Variant", "Data", "Noise", "Told apart"],
    groups: [rows],
  };
}

/** Shows how many rows of each class each split holds. */
export function dataTable({ classes, splits }: Results["data"]): Table {
  return {
    caption: "Rows of each split, by class",
    headings: ["Split", "Rows", ...classes],
    groups: [
      Object.entries(splits).map(([name, { rows, perClass }]) => ({
        name,
        cells: [rows, ...perClass].map(formatCount),
      })),
    ],
  };
}
