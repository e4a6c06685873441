import { z } from "zod";
import type { Interval } from "../calibration/resampling/interval.ts";
import { setsChart } from "./charts/sets.ts";
import type { ComparedVariant } from "./comparison.ts";
import type { ReportDocument, Section, Table } from "./document.ts";
import { formatCount, formatInterval, formatScore, formatShare, overSeeds } from "./format.ts";
import { intervalsText, verdictText } from "./intervals.ts";
import { differenceTable, isCompared, scoreTable } from "./tables.ts";
import { detectionDefinitions } from "./terms.ts";

/**
 * The part of `robustness.json` that is read: the training whose predictions lie beside it, and the names of
 * the sets.
 */
export const robustnessSchema = z.looseObject({
  variant: z.string().min(1),
  seed: z.int(),
  sets: z.record(z.string(), z.unknown()).describe("The sets with labels, by name."),
  detection: z.record(z.string(), z.unknown()).describe("The sets that are told from dev2, by name."),
});

/** All figures of the report on robustness, which are also written as `comparison.json`. */
export interface RobustnessComparison {
  readonly reference: string;
  readonly seeds: readonly number[];
  readonly resamples: number;
  /** The labelled sets, dev2 first. */
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

/**
 * Figures by the name of the score, then by that of the figure: `auroc`, `auprIn`, `auprOut`,
 * `falsePositiveRate95`.
 */
type Scores = Readonly<Record<string, Readonly<Record<string, Interval>>>>;

/** Composes the report on robustness. */
export function composeRobustnessReport(comparison: RobustnessComparison): ReportDocument {
  const { sets, detection, seeds, reference } = comparison;
  const trained = seeds.length === 1
    ? "one training of each variant does"
    : `${seeds.length} trainings of each variant do`;
  const compared = isCompared(sets[0].standings);
  return {
    title: "Robustness",
    summary:
      `How ${trained} on texts unlike those of the training: dev2 with some of its tokens replaced at random, ` +
      "and other collections of texts. Calibrators were fitted on dev1 throughout.",
    sections: [
      {
        heading: "All sets",
        blocks: [
          { kind: "chart", chart: setsChart(sets, reference) },
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
      ...detection.map((one, at) => detectionSection(one, at === 0)),
    ],
  };
}

/** Shows the accuracy on all sets, as trained only, because no temperature changes it. */
export function accuracyTable({ sets, ...comparison }: RobustnessComparison): Table {
  const asTrained = sets.map(({ standings, ...set }) => ({
    ...set,
    standings: standings.filter(({ calibrator }) => calibrator === "none"),
  }));
  return overview({ ...comparison, sets: asTrained }, "accuracy", "Accuracy", formatShare);
}

/** Shows one figure on all sets, as trained and calibrated. */
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

/** Shows how well dev2 is told from one set; the first such section explains the terms. */
function detectionSection({ name, examples, variants }: ComparedDetection, isFirst: boolean): Section {
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
          headings: ["Score", "AUROC", "AUPR of dev2", `AUPR of ${name}`, "FPR@95"],
          groups: variants.map(({ variant, scores }) =>
            Object.entries(scores).map(([score, found]) => ({
              name: `${variant}: ${scoreNames[score]}`,
              cells: figures.map((figure) => formatInterval(found[figure], formatScore)),
            }))
          ),
        },
      },
      ...(isFirst ? [{ kind: "definitions", items: detectionDefinitions } as const] : []),
    ],
  };
}
