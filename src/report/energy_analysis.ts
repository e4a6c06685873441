import type { Interval } from "../calibration/resampling/interval.ts";
import { seedVariance } from "./compose.ts";
import type { Block, ReportDocument, Section, Table } from "./document.ts";
import { formatCount, formatDecimal, formatInterval, formatScore, formatShare, overSeeds } from "./format.ts";

/** Everything that the report on energies is made of; written as `energies.json`. */
export interface EnergyAnalysis {
  /** The variant whose verdict on the texts is told. */
  readonly reference: string;
  /** How many texts of dev2 and of noise. */
  readonly examples: number;
  readonly noiseTexts: number;
  readonly seeds: readonly number[];
  readonly resamples: number;
  readonly variants: readonly VariantEnergies[];
}

interface VariantEnergies {
  readonly variant: string;
  /** By name: `noise_auroc`, `spearman_confidence`, `pearson_confidence`, … */
  readonly figures: Readonly<Record<string, Interval>>;
  readonly spread: Readonly<Record<"data" | "noise", Spread>>;
  readonly lowest: readonly JudgedText[];
  readonly highest: readonly JudgedText[];
}

/** The quantiles at 5 %, 50 % and 95 %. */
interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** A text of dev2, its energy, and what the reference says of it. */
interface JudgedText {
  readonly id: string;
  readonly text: string;
  readonly pair?: string | undefined;
  readonly energy: number;
  readonly label: string;
  readonly predicted: string;
  /** The reference's probability of the class that it predicts. */
  readonly confidence: number;
}

/** Puts the report on energies together. */
export function composeEnergyReport(analysis: EnergyAnalysis): ReportDocument {
  const { examples, noiseTexts, seeds, variants } = analysis;
  const means = seeds.length > 1 ? ` Energies are means over ${formatCount(seeds.length)} seeds.` : "";
  return {
    title: "What the energies know",
    summary:
      `The energies of the ${formatCount(examples)} texts of dev2 and of ${
        formatCount(noiseTexts)
      } noise texts that ` +
      `no classifier was trained on: a low energy says that a text is like the data.${means}`,
    sections: [
      { heading: "Energies of data and noise", blocks: [{ kind: "table", table: spreadTable(analysis) }] },
      correlationSection(analysis),
      ...variants.map((variant) => extremesSection(variant, analysis)),
    ],
  };
}

/** How energies of data and of noise are spread. */
export function spreadTable({ variants, seeds }: EnergyAnalysis): Table {
  const cells = ({ low, median, high }: Spread) =>
    [low, median, high].map((value) => formatDecimal(value, 2));
  return {
    caption: `Quantiles of the energy${overSeeds(seeds)}, and how often a noise text has the higher one`,
    headings: ["Variant", "dev2: 5 %", "50 %", "95 %", "Noise: 5 %", "50 %", "95 %", "AUROC"],
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
    }: intervals are narrower than they should be.`
    : "examples, each with its noise, of a single training of each variant.";
  return {
    heading: "What an energy goes with",
    blocks: [
      {
        kind: "table",
        table: {
          caption:
            "Correlation of a text's energy with what the same classifier says of it, with 95 % intervals",
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
          "Below 0 for confidence and above 0 for entropy would mean that the classifier is surer of texts that are more like ",
          "the data; the other signs mean the opposite. ",
          `The intervals are those of a bootstrap of ${formatCount(resamples)} resamples of ${paired}`,
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
      caption: `${variant}: texts of dev2 of the ${which} energy, and the ${reference}'s verdict on them`,
      ofTexts: true,
      headings: ["Text", "Energy", "Class", `The ${reference} says`, ""],
      groups: [texts.map(({ text, pair, energy, label, predicted, confidence }) => ({
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
