import { z } from "zod";
import type { Interval } from "../calibration/resampling/interval.ts";
import type { ComparedVariant } from "./comparison.ts";
import { intervalsText, verdictText } from "./compose.ts";
import type { ReportDocument, Section, Table } from "./document.ts";
import { formatCount, formatInterval, formatScore, formatShare, overSeeds } from "./format.ts";
import { differenceTable, isCompared, scoreTable } from "./tables.ts";

/** What is read of the stage `robustness`: whose predictions lie beside it, and of which sets. */
export const robustnessSchema = z.looseObject({
  variant: z.string().min(1),
  seed: z.int(),
  sets: z.record(z.string(), z.unknown()).describe("By name: those with labels."),
  detection: z.record(z.string(), z.unknown()).describe("By name: those that are told from dev2."),
});

/** Everything that the report on robustness is made of; written as `comparison.json`. */
export interface RobustnessComparison {
  readonly reference: string;
  readonly seeds: readonly number[];
  readonly resamples: number;
  /** dev2 first. */
  readonly sets: readonly ComparedSet[];
  readonly detection: readonly ComparedDetection[];
}

interface ComparedSet {
  readonly name: string;
  readonly examples: number;
  readonly standings: readonly ComparedVariant[];
}

interface ComparedDetection {
  readonly name: string;
  readonly examples: number;
  readonly variants: readonly { readonly variant: string; readonly scores: Scores }[];
}

/** By score, then by figure: `auroc`, `auprIn`, `auprOut`, `falsePositiveRate95`. */
type Scores = Readonly<Record<string, Readonly<Record<string, Interval>>>>;

/** Puts the report on robustness together. */
export function composeRobustnessReport(comparison: RobustnessComparison): ReportDocument {
  const { sets, detection, seeds, reference } = comparison;
  const trained = seeds.length === 1
    ? "one training of each variant does"
    : `${seeds.length} trainings of each variant do`;
  const compared = isCompared(sets[0].standings);
  return {
    title: "Robustness",
    summary:
      `How ${trained} on texts that are not like those of the training: dev2 with a share of its tokens ` +
      "replaced at random, and other collections of texts. Calibration is that of dev1 throughout.",
    sections: [
      {
        heading: "From set to set",
        blocks: [
          { kind: "table", table: accuracyTable(comparison) },
          { kind: "table", table: overview(comparison, "ece", "ECE", formatScore) },
          { kind: "table", table: overview(comparison, "nll", "NLL", formatScore) },
          {
            kind: "paragraph",
            text: [intervalsText(comparison), compared ? ` ${verdictText(reference)}` : ""],
          },
        ],
      },
      ...sets.map((set) => setSection(set, comparison)),
      ...detection.map(detectionSection),
    ],
  };
}

/** The accuracy on all sets, which no temperature changes. */
export function accuracyTable({ sets, ...comparison }: RobustnessComparison): Table {
  const asTrained = sets.map(({ standings, ...set }) => ({
    ...set,
    standings: standings.filter(({ calibrator }) => calibrator === "none"),
  }));
  return overview({ ...comparison, sets: asTrained }, "accuracy", "Accuracy", formatShare);
}

/** One figure of all sets, as trained and calibrated. */
function overview(
  { sets, seeds }: RobustnessComparison,
  figure: string,
  title: string,
  format: (value: number | null) => string,
): Table {
  const [{ standings }] = sets;
  const rows = standings.map(({ variant, calibrator }, at) => ({
    variant,
    name: calibrator === "none" ? variant : `${variant}, ${calibrator}`,
    cells: sets.map((set) => format(set.standings[at].figures[figure].value)),
  }));
  return {
    caption: `${title} on each set${overSeeds(seeds)}`,
    headings: ["Variant", ...sets.map(({ name }) => name)],
    groups: [...Map.groupBy(rows, ({ variant }) => variant).values()],
  };
}

function setSection({ name, examples, standings }: ComparedSet, comparison: RobustnessComparison): Section {
  const { seeds, reference } = comparison;
  const told = { standings, seeds, reference };
  const set = `the ${formatCount(examples)} texts of ${name}`;
  const compared = isCompared(standings);
  return {
    heading: name,
    blocks: [
      { kind: "table", table: scoreTable(told, set) },
      ...(compared ? [{ kind: "table", table: differenceTable(told) } as const] : []),
    ],
  };
}

const scoreNames: Readonly<Record<string, string>> = {
  maximumProbability: "maximum probability",
  maximumLogit: "maximum logit",
  entropy: "entropy",
  energy: "energy of the logits",
  trainedEnergy: "trained energy",
};

function detectionSection({ name, examples, variants }: ComparedDetection): Section {
  const figures = ["auroc", "auprIn", "auprOut", "falsePositiveRate95"];
  return {
    heading: `dev2 told from ${name}`,
    blocks: [
      {
        kind: "table",
        table: {
          caption: `How well a score tells texts of dev2 from the ${
            formatCount(examples)
          } of ${name}, with 95 % intervals`,
          headings: ["Score", "AUROC", "AUPR, dev2 sought", `AUPR, ${name} sought`, "FPR@95"],
          groups: variants.map(({ variant, scores }) =>
            Object.entries(scores).map(([score, found]) => ({
              name: `${variant}: ${scoreNames[score]}`,
              cells: figures.map((figure) => formatInterval(found[figure], formatScore)),
            }))
          ),
        },
      },
    ],
  };
}
