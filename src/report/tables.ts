import { mean as meanOf } from "../calibration/resampling/mean.ts";
import type { ComparedVariant, VariantComparison } from "./comparison.ts";
import type { Row, Table } from "./document.ts";
import type { Evaluation } from "./evaluation.ts";
import {
  formatCount,
  formatDecimal,
  formatInterval,
  formatScore,
  formatShare,
  formatSpread,
  overSeeds,
} from "./format.ts";
import type { Results } from "./results.ts";

/** What is told of one set of examples. */
type Standings = Pick<VariantComparison, "standings" | "seeds" | "reference">;

/** A row for each variant as trained and after each calibrator: means over seeds. */
export function scoreTable({ standings, seeds }: Standings, set = "dev2"): Table {
  const figures = ["nll", "brier", "ece", "ece_debiased", "ece_classwise"];
  return {
    caption: `Accuracy and calibration on ${set}${overSeeds(seeds)}`,
    headings: ["Variant", "Accuracy", "NLL", "Brier", "ECE", "Floor of ECE", "Debiased", "Class-wise"],
    groups: byVariant(standings, ({ figures: of, ece_floor: { mean, standardDeviation } }) => {
      const [nll, brier, ece, ...others] = figures.map((name) => formatScore(of[name].value));
      const floor = formatSpread(mean, standardDeviation, 3);
      return [formatShare(of.accuracy.value), nll, brier, ece, floor, ...others];
    }),
  };
}

/** The same rows, each figure with the interval that resampling gives it. */
export function intervalTable({ standings }: VariantComparison): Table {
  const figures = ["nll", "brier", "ece", "smooth_ece", "auroc_error", "aurc"];
  return {
    caption: "Figures with 95 % intervals",
    headings: ["Variant", "Accuracy", "NLL", "Brier", "ECE", "Smooth ECE", "AUROC of errors", "AURC"],
    groups: byVariant(standings, ({ figures: of }) => [
      formatInterval(of.accuracy, formatShare),
      ...figures.map((name) => formatInterval(of[name], formatScore)),
    ]),
  };
}

/** Whether there is anything that `differenceTable` could tell. */
export function isCompared(standings: readonly ComparedVariant[]): boolean {
  return standings.some(({ difference }) => difference !== undefined);
}

/** By how much each variant differs from the reference after the same calibrator, and whether that is more than chance. */
export function differenceTable({ standings, reference }: Standings): Table {
  const compared = standings.filter(({ difference }) => difference !== undefined);
  return {
    caption: `Differences from the ${reference} after the same calibration, with 95 % intervals`,
    headings: ["Variant", "Accuracy", "", "NLL", "", "ECE", ""],
    groups: byVariant(compared, ({ difference }) =>
      (["accuracy", "nll", "ece"] as const).flatMap((name) => {
        const { verdict, ...interval } = difference![name];
        return [formatInterval(interval, name === "accuracy" ? formatShare : formatScore), verdict];
      })),
  };
}

/** How predictions compare with what several people said, where the data have their votes; else nothing. */
export function voteTable({ standings }: VariantComparison): Table | undefined {
  if (standings[0].figures.votes_kl === undefined) return undefined;
  const figures = ["votes_cross_entropy", "votes_kl", "votes_total_variation", "votes_ece"];
  return {
    caption: "Predictions beside people's votes, with 95 % intervals",
    headings: ["Variant", "Cross-entropy", "KL divergence", "Total variation", "ECE against votes"],
    groups: byVariant(
      standings,
      ({ figures: of }) => figures.map((name) => formatInterval(of[name], formatScore)),
    ),
  };
}

/** How often conformal sets hold the true class, and how large they are. */
export function conformalTable({ conformal: { level, sets } }: VariantComparison): Table {
  const ofVariant = Map.groupBy(sets, ({ variant }) => variant);
  return {
    caption: `Prediction sets that hold the true class ${formatShare(level)} of the time, means over seeds`,
    headings: ["Variant", "THR: coverage", "Mean size", "APS: coverage", "Mean size"],
    groups: [
      [...ofVariant].map(([name, both]) => ({
        name,
        cells: both.flatMap(({ coverage, meanSize }) => [formatShare(coverage), formatScore(meanSize)]),
      })),
    ],
  };
}

/** A standing's name: the variant, with what was fitted of a single run and the calibrator's name of several. */
export function standingName({ variant, calibrator, fits }: ComparedVariant): string {
  return [variant, ...(fits.length === 1 ? fits : calibrator === "none" ? [] : [calibrator])].join(", ");
}

function byVariant(
  standings: readonly ComparedVariant[],
  cells: (standing: ComparedVariant) => readonly string[],
): Row[][] {
  return [...Map.groupBy(standings, ({ variant }) => variant).values()].map((group) =>
    group.map((standing) => ({ name: standingName(standing), cells: cells(standing) }))
  );
}

/** The temperature that was fitted, and that it is a mere bound where it is. */
export function temperatureText({ value, atBound }: Evaluation["temperature"]): string {
  return `T = ${formatScore(value)}${atBound ? " (bound)" : ""}`;
}

/** A row for each variant that has an energy: means over seeds. */
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

/** The noise model's figures, and how many samples it gave. */
export function noiseTable({ noiseModel, noise }: Pick<Results, "noiseModel" | "noise">): Table {
  const samples = (name: string, { drawn, kept }: { readonly drawn: number; readonly kept: number }) => ({
    name,
    cells: [`${formatCount(kept)} of ${formatCount(drawn)}`],
  });
  return {
    caption: "Noise model and its samples",
    headings: ["Figure", "Value"],
    groups: [[
      { name: "Perplexity of held-out texts", cells: [formatDecimal(noiseModel.perplexity, 1)] },
      { name: "Tokens it is measured on", cells: [formatCount(noiseModel.evaluatedTokens)] },
      { name: "Masked tokens", cells: [formatShare(noiseModel.maskRate)] },
      { name: "Training steps", cells: [formatCount(noiseModel.steps)] },
      samples("Samples kept for training", noise.train),
      samples("Samples kept for evaluation", noise.evaluation),
    ]],
  };
}

/** How many rows of each class each split holds. */
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
