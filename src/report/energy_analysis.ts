import type { Interval } from "../calibration/resampling/interval.ts";

import type { Block, ReportDocument, Section, Table } from "./document.ts";
import { formatCount, formatDecimal, formatInterval, formatScore, formatShare, overSeeds } from "./format.ts";
import { seedVariance } from "./intervals.ts";

/** All figures and texts of the report on energies, which are also written as `energies.json`. */
export interface EnergyAnalysis {
  /** The variant whose predictions for the extreme texts are shown. */
  readonly reference: string;
  /** The number of dev2's texts. */
  readonly examples: number;
  readonly noiseTexts: number;
  readonly seeds: readonly number[];
  readonly resamples: number;
  /**
   * The confidences at 0 %, 1 %, … 100 % of the texts sorted by confidence, means over seeds; of all variants,
   * also those without an energy.
   */
  readonly sortedConfidences: readonly {
    readonly variant: string;
    readonly confidences: readonly number[]; // [101]
  }[];
  readonly variants: readonly VariantEnergies[];
}

interface VariantEnergies {
  readonly variant: string;
  /** By name: `noise_auroc`, `spearman_confidence`, `pearson_confidence`, … */
  readonly figures: Readonly<Record<string, Interval>>;
  readonly spread: Readonly<Record<"data" | "noise", Spread>>;
  /** How many energies lie between each two edges, those of all seeds together. */
  readonly histogram: {
    readonly edges: readonly number[]; // [bins + 1]
    readonly data: readonly number[]; // [bins]
    readonly noise: readonly number[]; // [bins]
  };
  /** The line energy = intercept + slope · entropy in nats, means over seeds; and the means of bins. */
  readonly againstEntropy: {
    readonly slope: number;
    readonly intercept: number;
    readonly bins: readonly { readonly entropy: number; readonly energy: number; readonly count: number }[];
  };
  readonly lowest: readonly JudgedText[];
  readonly highest: readonly JudgedText[];
}

/** The quantiles at 5 %, 50 % and 95 %. */
interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** A text of dev2 with its energy and the reference's prediction. */
interface JudgedText {
  readonly id: string;
  /** Undefined where texts are to stay out of the report. */
  readonly text?: string | undefined;
  readonly pair?: string | undefined;
  readonly energy: number;
  readonly label: string;
  readonly predicted: string;
  /** The reference's probability of the class that it predicts. */
  readonly confidence: number;
}

/** Composes the report on energies. */
export function composeEnergyReport(analysis: EnergyAnalysis): ReportDocument {
  const { examples, noiseTexts, seeds, variants } = analysis;
  const means = seeds.length > 1 ? ` Energies are means over ${formatCount(seeds.length)} seeds.` : "";
  return {
    title: "What the energies know",
    summary:
      "An energy is a number that a classifier learns for each text: low for texts like the data, high for noise. These are " +
      `the energies of the ${formatCount(examples)} texts of dev2, and of ${
        formatCount(noiseTexts)
      } noise texts that no ` +
      `classifier was trained on.${means}`,
    sections: [
      { heading: "Energies of data and noise", blocks: [{ kind: "table", table: spreadTable(analysis) }] },
      correlationSection(analysis),
      ...variants.map((variant) => extremesSection(variant, analysis)),
    ],
  };
}

/** Shows how the energies of data and of noise are spread. */
export function spreadTable({ variants, seeds }: EnergyAnalysis): Table {
  const cells = ({ low, median, high }: Spread) =>
    [low, median, high].map((value) => formatDecimal(value, 2));
  return {
    caption:
      `Quantiles of the energy${
        overSeeds(seeds)
      }, and the AUROC: how often a noise text has a higher energy than ` +
      "a text of dev2",
    headings: [
      "Variant",
      ...["dev2", "Noise"].flatMap((texts) => [5, 50, 95].map((quantile) => `${texts}: ${quantile} %`)),
      "AUROC",
    ],
    groups: [
      variants.map(({ variant, spread, figures }) => ({
        name: variant,
        cells: [
          ...cells(spread.data),
          ...cells(spread.noise),
          formatInterval(figures.noise_auroc, formatScore),
        ],
      })),
    ],
  };
}

function correlationSection({ variants, seeds, resamples }: EnergyAnalysis): Section {
  const forms = [["Spearman", "spearman"], ["Pearson", "pearson"]] as const;
  const companions = ["confidence", "entropy", "correctness"];
  const paired = seeds.length > 1
    ? `examples, each with its noise, and seeds. ${
      seedVariance(seeds.length)
    }, so they are narrower than they should be.`
    : "examples, each with its noise, of a single training of each variant.";
  return {
    heading: "What the energy is correlated with",
    blocks: [
      {
        kind: "table",
        table: {
          caption:
            "Correlation of a text's energy with the same classifier's prediction, with 95 % intervals",
          headings: ["Variant", "Confidence", "Entropy", "Being right"],
          groups: variants.map(({ variant, figures }) =>
            forms.map(([form, prefix]) => ({
              name: `${variant}, ${form}`,
              cells: companions.map((name) => formatInterval(figures[`${prefix}_${name}`], formatScore)),
            }))
          ),
        },
      },
      {
        kind: "paragraph",
        text: [
          "Confidence is the probability of the class that the classifier chooses; entropy is higher the less it commits ",
          "itself. A correlation below 0 with confidence and above 0 with entropy means that the classifier is surer of texts ",
          "that are more like the data; the other signs mean the opposite. ",
          `The intervals come from a bootstrap of ${formatCount(resamples)} resamples of ${paired}`,
        ],
      },
    ],
  };
}

function extremesSection(
  { variant, lowest, highest }: VariantEnergies,
  { reference }: EnergyAnalysis,
): Section {
  const table = (which: string, texts: readonly JudgedText[]): Block => ({
    kind: "table",
    table: {
      caption:
        `${variant}: the texts of dev2 with the ${which} energy, and what the ${reference} predicts for them`,
      ofTexts: true,
      headings: ["Text", "Energy", "Class", `The ${reference} predicts`, "Right or wrong"],
      groups: [texts.map(({ id, text = id, pair, energy, label, predicted, confidence }) => ({
        name: pair === undefined ? text : `${text} / ${pair}`,
        cells: [
          formatDecimal(energy, 2),
          label,
          `${predicted}, ${formatShare(confidence)}`,
          predicted === label ? "right" : "wrong",
        ],
      }))],
    },
  });
  return {
    heading: `Extreme texts: ${variant}`,
    blocks: [table("lowest", lowest), table("highest", highest)],
  };
}
